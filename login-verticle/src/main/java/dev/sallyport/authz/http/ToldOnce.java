package dev.sallyport.authz.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/** Warnings about proxies, each once and not many of them, since anybody can make a proxy ask so. */
final class ToldOnce {

    private static final int MOST = 20;
    private static final String SEE = "; see docs/forward-auth.md";

    private final Logger log;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    ToldOnce(Logger log) {
        this.log = log;
    }

    void warn(String problem) {
        if (told.size() < MOST && told.add(problem)) {
            log.warn("{}{}", problem, SEE);
        }
    }
}
