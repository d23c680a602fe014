package dev.sallyport.sms;

/** What the dispatchers are told of codes. */
public interface CodeEvents {

    /**
     * Orders a message and waits until the order is in Kafka, 3 seconds at most.
     *
     * @throws dev.sallyport.event.PublishFailed if it was not acknowledged; it may have arrived all the same
     */
    void order(SendCode order);

    /** Begins to tell that a code was accepted, and returns at once. Told once or, where Kafka is away, never. */
    void verified(CodeVerified verified);
}
