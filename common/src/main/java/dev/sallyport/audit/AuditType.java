package dev.sallyport.audit;

import static dev.sallyport.audit.AuditType.Activity.ACCOUNT_CREATE;
import static dev.sallyport.audit.AuditType.Activity.ACCOUNT_LOCK;
import static dev.sallyport.audit.AuditType.Activity.ACCOUNT_OTHER;
import static dev.sallyport.audit.AuditType.Activity.LOGOFF;
import static dev.sallyport.audit.AuditType.Activity.LOGON;
import static dev.sallyport.audit.AuditType.Activity.MFA_DISABLE;
import static dev.sallyport.audit.AuditType.Activity.MFA_ENABLE;
import static dev.sallyport.audit.AuditType.Activity.PASSWORD_CHANGE;
import static dev.sallyport.audit.AuditType.Activity.PREAUTH;

/**
 * The types of audit events. Each maps to one OCSF activity and one word of the OWASP logging vocabulary;
 * {@code docs/events.md} says which route's outcome leaves which.
 */
public enum AuditType {
    ACCOUNT_CREATED("account.created", ACCOUNT_CREATE, true, "user_created"),
    ACCOUNT_IMPORTED("account.imported", ACCOUNT_CREATE, true, "user_created"),
    SIGN_UP_REFUSED("sign-up.refused", ACCOUNT_CREATE, false, "input_validation_fail"),
    PASSWORD_ACCEPTED("password.accepted", PREAUTH, true, "authn_login_success"),
    PASSWORD_REFUSED("password.refused", LOGON, false, "authn_login_fail"),
    PASSWORD_UPGRADED("password.upgraded", PASSWORD_CHANGE, true, "authn_password_change"),
    THROTTLED("throttled", LOGON, false, "excess_rate_limit_exceeded"),
    SECOND_FACTOR_SENT("second-factor.sent", PREAUTH, true, "authn_token_created"),
    SECOND_FACTOR_NOT_SENT("second-factor.not-sent", PREAUTH, false, "authn_token_created"),
    SECOND_FACTOR_ACCEPTED("second-factor.accepted", PREAUTH, true, "authn_login_success"),
    SECOND_FACTOR_REFUSED("second-factor.refused", LOGON, false, "authn_login_fail"),
    SIGNED_IN("signed-in", LOGON, true, "authn_login_success"),
    SIGNED_OUT("signed-out", LOGOFF, true, "session_expired"),
    SMS_CONSENTED("sms.consented", ACCOUNT_OTHER, true, "user_updated"),
    FACTOR_BOUND("factor.bound", MFA_ENABLE, true, "user_updated"),
    FACTOR_REFUSED("factor.refused", MFA_ENABLE, false, "authn_login_fail"),
    FACTOR_UNBOUND("factor.unbound", MFA_DISABLE, true, "user_updated"),
    FACTOR_LOCKED("factor.locked", ACCOUNT_LOCK, true, "authn_login_lock");

    /** An OCSF 1.8 class and activity. */
    public enum Activity {
        LOGON(3002, "Authentication", 1, "Logon"),
        LOGOFF(3002, "Authentication", 2, "Logoff"),
        PREAUTH(3002, "Authentication", 6, "Preauth"),
        ACCOUNT_CREATE(3001, "Account Change", 1, "Create"),
        PASSWORD_CHANGE(3001, "Account Change", 3, "Password Change"),
        ACCOUNT_LOCK(3001, "Account Change", 9, "Lock"),
        MFA_ENABLE(3001, "Account Change", 10, "MFA Factor Enable"),
        MFA_DISABLE(3001, "Account Change", 11, "MFA Factor Disable"),
        ACCOUNT_OTHER(3001, "Account Change", 99, "Other");

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
    }

    private static final String PREFIX = "dev.sallyport.";

    private final String id;
    private final Activity activity;
    private final boolean success;
    private final String owaspWord;

    AuditType(String id, Activity activity, boolean success, String owaspWord) {
        this.id = id;
        this.activity = activity;
        this.success = success;
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

    public String owaspWord() {
        return owaspWord;
    }
}
