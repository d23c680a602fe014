package dev.sallyport.authz.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a person sees whose ticket opens nothing. It stands at somebody else's site, where none of our files are: so it
 * brings its few lines of style along, and the browser is told by their hash that no others count.
 */
final class ClosedPage {

    private static final String STYLE = """
            :root { color-scheme: light dark; --page: #f4f3ef; --ink: #1c2226; --accent: #14655c; }
            @media (prefers-color-scheme: dark) { :root { --page: #111415; --ink: #e7e9e8; --accent: #7fcdbf; } }
            body { margin: 0; padding: clamp(2rem, 15vh, 9rem) 1.25rem; background: var(--page); color: var(--ink);
              font: 1rem/1.55 system-ui, sans-serif; }
            main { max-width: 27rem; margin: 0 auto; }
            h1 { font-size: 1.75rem; line-height: 1.2; }
            a { display: inline-block; padding-block: 0.6875rem; color: var(--accent); }
            """;

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>This way in is closed</title>
            <style>%s</style>
            </head>
            <body>
            <main>
            <h1>This way in is closed</h1>
            <p>It opens once, within half a minute, and only for the browser that asked for it.</p>
            <p><a href="/">Go to the first page</a></p>
            </main>
            </body>
            </html>
            """.formatted(STYLE);

    private static final String POLICY =
            "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    .formatted(hash(STYLE));

    private ClosedPage() {}

    static void show(HttpServerRequest request) {
        PlainAnswers.begin(request, 403)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .putHeader("content-security-policy", POLICY)
                .putHeader("referrer-policy", "same-origin")
                .putHeader("x-content-type-options", "nosniff")
                .end(PAGE);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
