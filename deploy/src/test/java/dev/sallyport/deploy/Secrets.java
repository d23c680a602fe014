package dev.sallyport.deploy;

import dev.sallyport.totp.TotpSecret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks for secrets in what others can read: as they are, in hex and in base64. */
final class Secrets {

    private Secrets() {}

    /** Which of these occur in a text. */
    static List<String> in(String text, Collection<String> secrets) {
        return secrets.stream().filter(secret -> occurs(text, secret)).toList();
    }

    private static boolean occurs(String text, String secret) {
        for (String form : forms(secret)) {
            // Six digits alone are a code; within a longer number or word they are chance.
            Pattern word = Pattern.compile("(?<![0-9A-Za-z])" + Pattern.quote(form) + "(?![0-9A-Za-z])");
            if (form.matches("[0-9]{6}") ? word.matcher(text).find() : text.contains(form)) {
                return true;
            }
        }
        return false;
    }

    private static Set<String> forms(String secret) {
        Set<String> forms = new LinkedHashSet<>();
        forms.add(secret);
        add(forms, secret.getBytes(StandardCharsets.UTF_8));
        if (secret.matches("[A-Z2-7]{16,}")) {
            TotpSecret.parse(secret).ifPresent(key -> add(forms, key.bytes()));
        }
        return forms;
    }

    private static void add(Set<String> forms, byte[] bytes) {
        forms.add(HexFormat.of().formatHex(bytes));
        forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
        forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
}
