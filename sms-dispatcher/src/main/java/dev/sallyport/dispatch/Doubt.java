package dev.sallyport.dispatch;

import dev.sallyport.dispatch.ledger.LedgerEntry.Started;
import dev.sallyport.sms.FailureClass;

/** An attempt that may have been sent, and what is known of how it failed. */
record Doubt(Started started, FailureClass failure, String code) {

    /** The code of an attempt whose worker died over it. */
    static final String WORKER_LOST = "worker-lost";

    static Doubt ofLostWorker(Started started) {
        return new Doubt(started, FailureClass.CONNECTION_LOST, WORKER_LOST);
    }
}
