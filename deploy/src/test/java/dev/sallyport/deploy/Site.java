package dev.sallyport.deploy;

import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import java.time.Clock;

/** A running site with a phone network; what a {@link Person} needs of it. */
interface Site {

    /** A new visitor with an empty cookie jar. */
    SiteClient visitor();

    FakeTwilio twilio();

    Clock clock();
}
