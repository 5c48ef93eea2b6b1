package dev.tapedeck.composer.io.job;

import java.io.IOException;

/** Takes the events of jobs and delivers them to the hooks of their app; the connector, seen from here. */
public interface EventSink {

  /**
   * Hands over one event.
   *
   * @param id   the same at each try; the receiver drops what it has seen
   * @param body HookEvent of hook.proto, binary
   * @throws IOException if the receiver has not got it for sure; it will be offered again
   */
  void deliver(String id, byte[] body) throws IOException;
}
