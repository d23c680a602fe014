package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.config.ConfigFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)");

    @Test
    void theConfigurationTableIsTheOneOfTheCode() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertTrue(readme.contains(ConfigFiles.table()), "put what ./sallyport config --table prints into the README");
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        Matcher links = LINK.matcher(Files.readString(ROOT.resolve("README.md")));
        while (links.find()) {
            assertTrue(Files.exists(ROOT.resolve(links.group(1))), links.group(1) + " is not there");
        }
    }
}
