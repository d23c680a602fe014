package dev.sallyport.authz;

import dev.sallyport.FactorType;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.audit.AuditEvent.Subject;
import dev.sallyport.session.Session;
import dev.sallyport.session.Session.Proof;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Somebody who signed in at noon. */
final class Somebody {

    static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    static final String HANDLE = "019df2dc-0a7b-7d52-9c0e-2f4b8a61d7e3";
    private static final Subject ADA = new Subject("019df2cc-c7c0-7c11-8e6f-5b1d2c3a4f50", "ada@example.com");
    private static final Visitor VISITOR = new Visitor("203.0.113.9", "a browser", "a trace");

    private Somebody() {}

    static Session with(FactorType... factors) {
        return named(ADA.userName(), factors);
    }

    static Session named(String name, FactorType... factors) {
        return Session.start(
                HANDLE,
                new Subject(ADA.accountId(), name),
                Arrays.stream(factors).map(factor -> new Proof(factor, NOON)).toList(),
                NOON,
                NOON.plus(Duration.ofHours(12)),
                VISITOR);
    }

    static OpaqueToken token() {
        return OpaqueToken.random(new SecureRandom());
    }
}
