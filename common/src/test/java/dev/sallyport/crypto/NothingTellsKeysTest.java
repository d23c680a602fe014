package dev.sallyport.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.sallyport.Role;
import dev.sallyport.crypto.KeyRotation.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What prints, is thrown or listed holds no key, neither as in the file nor raw, in hex or base64. */
class NothingTellsKeysTest {

    @TempDir
    Path folder;

    private final List<String> needles = new ArrayList<>();

    @BeforeEach
    void init() throws IOException {
        new KeyFolder(folder).init();
        for (KeyFile file : KeyFile.all()) {
            String json = Files.readString(file.in(folder));
            for (JsonElement key :
                    JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("key")) {
                String value = key.getAsJsonObject()
                        .getAsJsonObject("keyData")
                        .get("value")
                        .getAsString();
                addNeedles(Base64.getDecoder().decode(value));
            }
        }
    }

    @Test
    void nothingThatPrintsHoldsAKey() throws IOException {
        Keyring keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
        KeyRotation rotation = new KeyRotation(folder);
        List<Object> all = new ArrayList<>(List.of(
                keyring,
                new AccountCipher(keyring),
                new CodeMac(keyring),
                new PhoneKeys(keyring),
                new Lookup(keyring),
                new WebTokens(keyring),
                new CodeSeal(keyring),
                new CodeOpener(keyring),
                new EventSigner(keyring, Role.LOGIN),
                new EventVerifier(keyring),
                new Assertions(keyring, "https://login.example.com"),
                new SignedParts(Map.of("ce_id", "m1"), "k", new byte[2]),
                new SealContext("t", "c", "p", Instant.EPOCH),
                new KeyFolder(folder),
                new KeyFolder(folder).list(),
                rotation));
        for (KeyFile file : KeyFile.all()) {
            all.add(file);
            all.add(keyring.get(file));
            all.add(keyring.get(file).primitive(Object.class));
        }
        for (Keyset keyset : Keyset.values()) {
            all.add(rotation.run(keyset, Stage.ADD));
            all.add(rotation.run(keyset, Stage.PROMOTE));
        }
        all.add(keyring.reload());
        for (KeyFile file : KeyFile.all()) {
            String json = Files.readString(file.in(folder));
            Files.writeString(file.in(folder), json.substring(0, json.length() - 9));
        }
        all.add(keyring.reload());

        all.forEach(thing ->
                assertEquals(Set.of(), found(thing.toString()), thing.getClass().getName()));
    }

    @Test
    void theSearchItselfFindsAKey() throws IOException {
        String json = Files.readString(folder.resolve("account-data.json"));

        assertTrue(found(json).size() >= 1);
        assertTrue(found("x" + needles.getFirst()).size() >= 1);
    }

    private Set<String> found(String text) {
        Set<String> found = new HashSet<>();
        for (String needle : needles) {
            if (text.contains(needle)) {
                found.add(needle);
            }
        }
        return found;
    }

    /** Every run of 8 bytes in hex and raw, every run of 12 at each of the three places of base64. */
    private void addNeedles(byte[] bytes) {
        for (int i = 0; i + 12 <= bytes.length; i++) {
            byte[] run = Arrays.copyOfRange(bytes, i, i + 12);
            needles.add(Base64.getEncoder().encodeToString(run));
            needles.add(HexFormat.of().formatHex(run, 0, 8));
            needles.add(new String(run, 0, 8, StandardCharsets.ISO_8859_1));
        }
    }
}
