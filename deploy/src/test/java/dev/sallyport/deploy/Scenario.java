package dev.sallyport.deploy;

/** How a row of the events table comes about. */
interface Scenario {

    /** Gets ready, and returns what leaves the row's events. */
    Act prepare(Visit visit) throws Exception;

    /** The outcome of a route, asserted by its status. */
    interface Act {
        void run() throws Exception;
    }
}
