package dev.sallyport.web;

import com.github.jknack.handlebars.cache.ConcurrentMapTemplateCache;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.io.AbstractTemplateLoader;
import com.github.jknack.handlebars.io.StringTemplateSource;
import com.github.jknack.handlebars.io.TemplateSource;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.templ.handlebars.HandlebarsTemplateEngine;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pages that people see, as HTML. Every value of a context is escaped; no template can switch that off (a test
 * holds it). A context is made of maps, lists, strings, numbers and booleans: objects are not looked into, so a template
 * cannot reach a getter that nobody meant to show. Absent and null are the same. Safe for use by any number of threads;
 * rendering reads no file and waits for nothing.
 */
public final class Pages {

    /** All page names, which are also their files' names. */
    public static final List<String> NAMES = List.of(
            "sign-in",
            "sign-up",
            "verify-tfa",
            "user",
            "sessions",
            "enable-app",
            "enable-sms",
            "enable-sms-code",
            "confirm-password",
            "logout",
            "error",
            "phone");

    private final HandlebarsTemplateEngine engine;

    /** Compiles all pages, so that a broken one stops the start and not a visitor. */
    public Pages(Vertx vertx) {
        engine = HandlebarsTemplateEngine.create(vertx).setResolvers(MapValueResolver.INSTANCE);
        // The engine's own loader and Handlebars' defaults would read and compile every partial anew for every page,
        // and run the body of every layout twice.
        engine.unwrap()
                .with(new Sources())
                .with(new ConcurrentMapTemplateCache())
                .preEvaluatePartialBlocks(false)
                .prettyPrint(true)
                .registerHelper(
                        "query", (value, options) -> URLEncoder.encode(String.valueOf(value), StandardCharsets.UTF_8));
        NAMES.forEach(name -> render(name, Map.of()));
    }

    /**
     * Renders a page; the keys it reads are listed at the top of its template.
     *
     * @param page one of {@link #NAMES}
     * @param context what the page shows
     * @return a whole HTML document in UTF-8
     * @throws IllegalStateException if there is no such page or it fails, which is a mistake in this program
     */
    public Buffer render(String page, Map<String, Object> context) {
        var rendered = engine.render(context, page);
        if (rendered.failed()) {
            throw new IllegalStateException("The page '" + page + "' cannot be rendered", rendered.cause());
        }
        return rendered.result();
    }

    /** Templates in memory: the engine asks for the source of each partial at every rendering. */
    private static final class Sources extends AbstractTemplateLoader {

        private static final String SUFFIX = ".hbs";

        private final Map<String, TemplateSource> sources = new ConcurrentHashMap<>();

        @Override
        public TemplateSource sourceAt(String location) {
            return sources.computeIfAbsent(location, name -> {
                var path = resolve(name);
                return new StringTemplateSource(path, new String(ClassPathFile.read(path), StandardCharsets.UTF_8));
            });
        }

        /** Pages come with their suffix, partials without. */
        @Override
        public String resolve(String location) {
            return "/pages/" + location + (location.endsWith(SUFFIX) ? "" : SUFFIX);
        }
    }
}
