package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.crypto.KeyRotation;
import dev.sallyport.crypto.KeyRotation.Stage;
import dev.sallyport.crypto.Keyset;
import dev.sallyport.totp.TotpSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The key that encrypts seeds and phone numbers is replaced, and the old one retired, and nobody notices. */
@Tag("long")
class ReencryptionIT {

    @TempDir
    private Path folder;

    @TempDir
    private Path broker;

    private JarProcess.Ended run(TestPlatform site, String... arguments) throws InterruptedException {
        return JarProcess.run(folder, site.environment(), arguments);
    }

    private static void stage(TestPlatform site, Stage stage) {
        new KeyRotation(Path.of(site.environment().get("SALLYPORT_KEYS_DIR"))).run(Keyset.ACCOUNT_DATA, stage);
    }

    @Test
    void afterARotationTheOldKeyCanBeRetiredAndEveryAppAndPhoneStillWorks() throws Exception {
        try (OwnBrokerSite own = OwnBrokerSite.start(broker)) {
            TestPlatform site = own.platform();
            Person withApp = Person.signedUp(site);
            TotpSecret key = withApp.bindApp();
            Person withPhone = Person.signedUp(site);
            withPhone.bindPhone();
            Person binding = Person.signedUp(site);
            TotpSecret pending = binding.pendingKey();
            binding.browser.submit("/enable-tfa-via-sms", "phone_number", binding.phone);
            String code = binding.receivedCode(1);
            stage(site, Stage.ADD);
            stage(site, Stage.PROMOTE);
            JarProcess.Ended answer = run(site, "keys", "reencrypt", "account-data");
            assertEquals(0, answer.exitCode(), answer.out());
            assertTrue(answer.out().contains("accounts: 3 values encrypted anew."), answer.out());
            assertTrue(answer.out().contains("challenges: 2 values encrypted anew."), answer.out());
            JarProcess.Ended again = run(site, "keys", "reencrypt", "account-data");
            assertTrue(again.out().contains("accounts: 0 values encrypted anew."), again.out());
            stage(site, Stage.RETIRE);
            withApp.signOut();
            withPhone.signOut();
            site.restart();
            site.clock().advance(Duration.ofSeconds(30));
            withApp.signIn();
            assertEquals(303, withApp.enter(withApp.code(key)).statusCode());
            withPhone.signIn();
            assertEquals(303, withPhone.enter(withPhone.receivedCode(2)).statusCode());
            assertEquals(pending, binding.pendingKey());
            assertEquals(
                    303,
                    binding.browser.submit("/enable-tfa-via-sms", "token", code).statusCode());
        }
    }

    @Test
    void whatNoKeyOpensIsNamedAndNothingElseIsHeldUp() throws Exception {
        try (TestPlatform site = TestPlatform.start(Map.of())) {
            Person.signedUp(site).bindApp();
            stage(site, Stage.ADD);
            stage(site, Stage.PROMOTE);
            stage(site, Stage.RETIRE);
            JarProcess.Ended lost = run(site, "keys", "reencrypt", "account-data");
            assertEquals(1, lost.exitCode(), lost.out());
            assertTrue(lost.out().contains("1 documents have values that no key opens"), lost.out());
            stage(site, Stage.RESTORE);
            JarProcess.Ended restored = run(site, "keys", "reencrypt", "account-data");
            assertEquals(0, restored.exitCode(), restored.out());
            assertTrue(restored.out().contains("accounts: 1 values encrypted anew."), restored.out());
        }
    }

    @Test
    void onlyAccountDataIsStoredForLong() throws Exception {
        JarProcess.Ended refused = run(TestPlatform.shared(), "keys", "reencrypt", "lookup");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("lookup"), refused.err());
    }
}
