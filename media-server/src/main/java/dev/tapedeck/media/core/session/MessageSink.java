package dev.tapedeck.media.core.session;

/** The way of whole messages to the client, in order and without loss: the session's data channel. */
@FunctionalInterface
public interface MessageSink {
  /** @return false if it was not taken: the channel is not open, or too much waits in it already */
  boolean send(long nowNanos, byte[] message);
}
