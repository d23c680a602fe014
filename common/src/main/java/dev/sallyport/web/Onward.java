package dev.sallyport.web;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;

/**
 * The protected site that somebody is on the way to, so that the doors can say who asks for them. Its name stands in a
 * door's address, where anybody can write, and counts only if there is a rule for it.
 */
public final class Onward {

    static final String FIELD = "site";

    private final Set<String> hosts;

    /** @param hosts those that have rules, with their ports where browsers show them */
    public Onward(Set<String> hosts) {
        this.hosts = Set.copyOf(hosts);
    }

    /**
     * The address of a door for somebody on the way to a site.
     *
     * @param door path, with or without a query
     * @param host one that has rules
     */
    public static String by(String door, String host) {
        return door + (door.contains("?") ? '&' : '?') + FIELD + '=' + host;
    }

    Optional<String> site(RoutingContext context) {
        String named = HttpMethod.POST.equals(context.request().method())
                ? Web.field(context, FIELD)
                : context.request().getParam(FIELD, "");
        return Optional.of(named).filter(hosts::contains);
    }
}
