package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sallyport.Role;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCurvesTest {

    @TempDir
    Path folder;

    @Test
    void areThereOnceKeysAreReadAndTakeNothingElseOver() throws NoSuchAlgorithmException {
        new KeyFolder(folder).init();
        Keyring.open(folder, EnumSet.allOf(Role.class));
        Keyring.open(folder, EnumSet.allOf(Role.class));

        List<String> providers =
                List.of(Security.getProviders()).stream().map(Provider::getName).toList();
        assertEquals("Conscrypt", providers.getLast());
        assertEquals(1, providers.stream().filter("Conscrypt"::equals).count());
        assertNotEquals("Conscrypt", SSLContext.getDefault().getProvider().getName());
    }
}
