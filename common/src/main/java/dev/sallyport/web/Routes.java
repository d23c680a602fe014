package dev.sallyport.web;

import io.vertx.ext.web.Router;

/** One role's routes. A class that mounts routes opens with its route table. */
public interface Routes {

    void mount(Router router);
}
