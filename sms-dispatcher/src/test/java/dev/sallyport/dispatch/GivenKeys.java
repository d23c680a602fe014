package dev.sallyport.dispatch;

import dev.sallyport.Role;
import dev.sallyport.crypto.DispatchMac;
import dev.sallyport.crypto.KeyFolder;
import dev.sallyport.crypto.Keyring;
import dev.sallyport.dispatch.kafka.OwnRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.stream.Stream;

/** Keys of all roles, in memory only. */
public final class GivenKeys {

    private GivenKeys() {}

    /** New ones each time. */
    public static Keyring keyring() {
        try {
            Path folder = Files.createTempDirectory("keys");
            new KeyFolder(folder).init();
            Keyring keyring = Keyring.open(folder, EnumSet.allOf(Role.class));
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
            return keyring;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of new keys. */
    public static DispatchMac mac() {
        return new DispatchMac(keyring());
    }

    /** Under new keys. */
    public static OwnRecords ownRecords() {
        return new OwnRecords(mac());
    }
}
