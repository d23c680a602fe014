package dev.sallyport.deploy.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A certificate authority that nobody knows but a test, and the certificate that it gave a server for 127.0.0.1 and
 * localhost. Made by the JDK's keytool.
 */
public final class Authority {

    /** Of all stores that it writes. */
    public static final String PASSWORD = "changeit";

    private static final String TYPE = "PKCS12";
    private static final String AUTHORITY = "authority";
    private static final String SERVER = "server";

    private final Path folder;
    private final KeyStore made;

    /** @param folder that is empty, for its files */
    public Authority(Path folder) {
        this.folder = folder;
        Path file = folder.resolve("made.p12");
        keytool(file, AUTHORITY, "-ext", "bc:c=ca:true", "-ext", "ku:c=keyCertSign");
        keytool(file, SERVER, "-signer", AUTHORITY, "-ext", "san=ip:127.0.0.1,dns:localhost");
        try {
            made = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
            write(trustStore(), empty -> empty.setCertificateEntry(AUTHORITY, certificate(AUTHORITY)));
            write(
                    serverStore(),
                    empty -> empty.setKeyEntry(SERVER, serverKey(), PASSWORD.toCharArray(), serverChain()));
            Files.writeString(certificate(), pem(certificate(AUTHORITY)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keytool(Path store, String alias, String... more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.add("-genkeypair");
        Map.of(
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        TYPE,
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        alias,
                        "-dname",
                        "CN=" + alias,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "2")
                .forEach((option, value) -> command.addAll(List.of(option, value)));
        command.addAll(List.of(more));
        Path said = folder.resolve("keytool-" + alias + ".txt");
        try {
            int exitCode = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start()
                    .waitFor();
            if (exitCode != 0) {
                throw new IllegalStateException(Files.readString(said));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private interface Filling {
        void fill(KeyStore empty) throws GeneralSecurityException;
    }

    private static void write(Path file, Filling filling) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(TYPE);
        store.load(null, null);
        filling.fill(store);
        try (var out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private X509Certificate certificate(String alias) throws GeneralSecurityException {
        return (X509Certificate) made.getCertificate(alias);
    }

    private static String pem(Certificate certificate) throws GeneralSecurityException {
        String text = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
        return "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n";
    }

    /** The authority's own certificate, PEM. */
    public Path certificate() {
        return folder.resolve("authority.pem");
    }

    /** The same as a store of the JDK's. */
    public Path trustStore() {
        return folder.resolve("authority.p12");
    }

    /** The server's key and certificates, and no others. */
    Path serverStore() {
        return folder.resolve("server.p12");
    }

    PrivateKey serverKey() throws GeneralSecurityException {
        return (PrivateKey) made.getKey(SERVER, PASSWORD.toCharArray());
    }

    X509Certificate[] serverChain() throws GeneralSecurityException {
        return Arrays.copyOf(
                made.getCertificateChain(SERVER), made.getCertificateChain(SERVER).length, X509Certificate[].class);
    }
}
