package dev.tapedeck.media.io.connector;

import dev.tapedeck.protocol.wire.Command;
import dev.tapedeck.protocol.wire.CommandResult;
import dev.tapedeck.protocol.wire.RevokedTokens;

/** Who carries out what the connector orders. */
public interface CommandListener {
  /**
   * Carries out one command; may block. Called on a virtual thread of its own.
   *
   * @return error "" when it is done; the id is filled in by the caller
   */
  CommandResult handle(Command command);

  /** These tokens open nothing any more. Called on the stream's thread; waits for nothing. */
  default void revoked(RevokedTokens tokens) {}
}
