package dev.sallyport.audit;

import static dev.sallyport.audit.AuditType.Activity.ACCOUNT_CREATE;
import static dev.sallyport.audit.AuditType.Activity.ACCOUNT_LOCK;
import static dev.sallyport.audit.AuditType.Activity.HASH_UPGRADE;
import static dev.sallyport.audit.AuditType.Activity.LOGOFF;
import static dev.sallyport.audit.AuditType.Activity.LOGON;
import static dev.sallyport.audit.AuditType.Activity.MFA_DISABLE;
import static dev.sallyport.audit.AuditType.Activity.MFA_ENABLE;
import static dev.sallyport.audit.AuditType.Activity.PREAUTH;
import static dev.sallyport.audit.AuditType.Activity.SMS_CONSENT;
import static dev.sallyport.audit.AuditType.Activity.STEP_UP;
import static dev.sallyport.audit.AuditType.Severity.INFORMATIONAL;
import static dev.sallyport.audit.AuditType.Severity.LOW;
import static dev.sallyport.audit.AuditType.Severity.MEDIUM;

import java.util.Optional;

/**
 * The types of audit events. Each maps to one OCSF activity and, where that has one, to a word of the OWASP logging
 * vocabulary; {@code docs/events.md} says which route's outcome leaves which.
 */
public enum AuditType {
    ACCOUNT_CREATED("account.created", ACCOUNT_CREATE, true, INFORMATIONAL, "user_created"),
    ACCOUNT_IMPORTED("account.imported", ACCOUNT_CREATE, true, INFORMATIONAL, "user_created"),
    SIGN_UP_REFUSED("sign-up.refused", ACCOUNT_CREATE, false, LOW, "input_validation_fail"),
    /** One factor of a sign-in, or of a session that goes on; whether somebody is in, {@link #SIGNED_IN} says. */
    PASSWORD_ACCEPTED("password.accepted", PREAUTH, true, INFORMATIONAL, ""),
    PASSWORD_REFUSED("password.refused", LOGON, false, LOW, "authn_login_fail"),
    /** The same password under a stronger hash; nobody has changed a password. */
    PASSWORD_UPGRADED("password.upgraded", HASH_UPGRADE, true, INFORMATIONAL, "user_updated"),
    THROTTLED("throttled", LOGON, false, LOW, "excess_rate_limit_exceeded"),
    SECOND_FACTOR_SENT("second-factor.sent", PREAUTH, true, INFORMATIONAL, "authn_token_created"),
    SECOND_FACTOR_NOT_SENT("second-factor.not-sent", PREAUTH, false, LOW, ""),
    SECOND_FACTOR_ACCEPTED("second-factor.accepted", PREAUTH, true, INFORMATIONAL, ""),
    SECOND_FACTOR_REFUSED("second-factor.refused", LOGON, false, LOW, "authn_login_fail"),
    SIGNED_IN("signed-in", LOGON, true, INFORMATIONAL, "authn_login_success"),
    SIGNED_OUT("signed-out", LOGOFF, true, INFORMATIONAL, "session_expired"),
    /** A session that was ended from outside: by its person in another one, or by an operator. */
    SESSION_ENDED("session.ended", LOGOFF, true, INFORMATIONAL, "session_expired"),
    /** Somebody is signed in, and a protected site needs more than that. */
    ACCESS_REFUSED("access.refused", STEP_UP, false, LOW, "authz_fail"),
    SMS_CONSENTED("sms.consented", SMS_CONSENT, true, INFORMATIONAL, "user_updated"),
    FACTOR_BOUND("factor.bound", MFA_ENABLE, true, INFORMATIONAL, "user_updated"),
    FACTOR_REFUSED("factor.refused", MFA_ENABLE, false, LOW, "input_validation_fail"),
    FACTOR_UNBOUND("factor.unbound", MFA_DISABLE, true, INFORMATIONAL, "user_updated"),
    /** Whoever sent so many wrong codes has the password. */
    FACTOR_LOCKED("factor.locked", ACCOUNT_LOCK, true, MEDIUM, "authn_login_lock");

    /** An OCSF 1.8 class and activity. 99 is any that OCSF has no number for; its label is then ours. */
    public enum Activity {
        LOGON(3002, "Authentication", 1, "Logon"),
        LOGOFF(3002, "Authentication", 2, "Logoff"),
        PREAUTH(3002, "Authentication", 6, "Preauth"),
        STEP_UP(3002, "Authentication", 99, "Step-up"),
        ACCOUNT_CREATE(3001, "Account Change", 1, "Create"),
        ACCOUNT_LOCK(3001, "Account Change", 9, "Lock"),
        MFA_ENABLE(3001, "Account Change", 10, "MFA Factor Enable"),
        MFA_DISABLE(3001, "Account Change", 11, "MFA Factor Disable"),
        SMS_CONSENT(3001, "Account Change", 99, "SMS Consent"),
        HASH_UPGRADE(3001, "Account Change", 99, "Password Hash Upgrade");

        private final int classUid;
        private final String className;
        private final int id;
        private final String label;

        Activity(int classUid, String className, int id, String label) {
            this.classUid = classUid;
            this.className = className;
            this.id = id;
            this.label = label;
        }

        public int classUid() {
            return classUid;
        }

        public String className() {
            return className;
        }

        public int id() {
            return id;
        }

        public String label() {
            return label;
        }

        /** True for sign-ins and sign-outs, false for changes of an account. */
        public boolean isAuthentication() {
            return classUid == 3002;
        }
    }

    /** OCSF's severities, as far as they are used. */
    public enum Severity {
        INFORMATIONAL(1, "Informational"),
        LOW(2, "Low"),
        MEDIUM(3, "Medium");

        private final int id;
        private final String label;

        Severity(int id, String label) {
            this.id = id;
            this.label = label;
        }

        public int id() {
            return id;
        }

        public String label() {
            return label;
        }
    }

    private static final String PREFIX = "dev.sallyport.";

    private final String id;
    private final Activity activity;
    private final boolean success;
    private final Severity severity;
    private final String owaspWord;

    AuditType(String id, Activity activity, boolean success, Severity severity, String owaspWord) {
        this.id = id;
        this.activity = activity;
        this.success = success;
        this.severity = severity;
        this.owaspWord = owaspWord;
    }

    /** The name in documents and on terminals, such as {@code signed-in}. */
    public String id() {
        return id;
    }

    /** The CloudEvents type. */
    public String cloudEventsType() {
        return PREFIX + id;
    }

    public Activity activity() {
        return activity;
    }

    public boolean success() {
        return success;
    }

    public Severity severity() {
        return severity;
    }

    /** Empty where the vocabulary has no word for it. */
    public Optional<String> owaspWord() {
        return Optional.of(owaspWord).filter(word -> !word.isEmpty());
    }
}
