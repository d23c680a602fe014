package dev.sallyport.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Other people's programs. What they make and understand shows that this platform speaks the same language. */
final class Programs {

    private static final long LIMIT_SECONDS = 60;

    private Programs() {}

    /** Runs a program to its end and returns what it prints; anything but exit code 0 is an error. */
    static String run(String input, String... command) {
        try {
            Path errors = Files.createTempFile("program", ".txt");
            Process process =
                    new ProcessBuilder(command).redirectError(errors.toFile()).start();
            try (var stream = process.outputWriter(StandardCharsets.UTF_8)) {
                stream.write(input);
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(command[0] + " failed: " + Files.readString(errors));
            }
            Files.delete(errors);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What an authenticator app with this key shows now, by oathtool. */
    static String appCode(String base32) {
        return run("", "oathtool", "--totp", "--base32", base32.replace(" ", ""))
                .strip();
    }

    /** What a QR code says, by zbarimg. */
    static String qrCode(byte[] png) {
        try {
            Path picture = Files.createTempFile("picture", ".png");
            Files.write(picture, png);
            String text =
                    run("", "zbarimg", "--quiet", "--raw", picture.toString()).strip();
            Files.delete(picture);
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bcrypt hash by python3-bcrypt. @param version {@code 2a} or {@code 2b} */
    static String pythonBcrypt(String version, int cost, String password) {
        String program = """
                import base64, bcrypt, sys
                version, cost, password = sys.stdin.read().split()
                salt = bcrypt.gensalt(int(cost), version.encode())
                print(bcrypt.hashpw(base64.b64decode(password), salt).decode())
                """;
        String encoded = Base64.getEncoder().encodeToString(password.getBytes(StandardCharsets.UTF_8));
        return run(version + " " + cost + " " + encoded, Python.with("bcrypt", "python3-bcrypt"), "-c", program)
                .strip();
    }

    /** A Python that has PyJWT. */
    static String pythonWithJwt() {
        return Python.with("jwt", "python3-jwt");
    }

    /** A Python that has a client of Kafka's and Ed25519. */
    static String pythonWithKafka() {
        return Python.with("confluent_kafka, cryptography", "python3-confluent-kafka, python3-cryptography");
    }

    /** A bcrypt hash by the C library, as PHP and htpasswd write them: {@code $2y$}. */
    static String libraryBcrypt(String password) {
        String salt = "$2y$05$Lw1O6HkQX0jSuLQaB9cT7u";
        return run(password, "perl", "-e", "local $/; print crypt(<STDIN>, '" + salt + "')");
    }

    /** Debian's own Python has Debian's packages; another one may come first on the path. */
    private static final class Python {

        static String with(String module, String debian) {
            return Stream.of("/usr/bin/python3", "python3")
                    .filter(python -> has(python, module))
                    .findFirst()
                    .orElseThrow(() ->
                            new AssertionError("no python3 has the package " + module + " (Debian: " + debian + ")"));
        }

        private static boolean has(String python, String module) {
            try {
                return new ProcessBuilder(List.of(python, "-c", "import " + module))
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
