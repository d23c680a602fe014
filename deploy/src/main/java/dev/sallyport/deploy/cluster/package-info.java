/**
 * The platform as processes of one jar on one machine: three Kafka brokers, a store and any number of processes of each
 * role, which can be killed, stopped, held and started again one by one. Knows commands, environments, ports and signals,
 * and nothing of what happens inside a process.
 */
@NullMarked
package dev.sallyport.deploy.cluster;

import org.jspecify.annotations.NullMarked;
