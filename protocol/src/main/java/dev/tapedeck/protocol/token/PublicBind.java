package dev.tapedeck.protocol.token;

import dev.tapedeck.protocol.config.Redacted;
import java.net.InetAddress;
import java.util.List;

/** The rule for a server that others than this machine reach: its secrets are too long to be guessed. */
public final class PublicBind {
  public static final int MIN_SECRET_BYTES = 32;

  private PublicBind() {}

  /** Whether others reach a server that listens on this host; a name that is not looked up counts as public. */
  public static boolean isPublic(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return false;
    }
    try {
      return !InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /**
   * Checks the secrets of one app.
   *
   * @param setting what makes the server public, for the message
   * @throws IllegalArgumentException if one is shorter than {@link #MIN_SECRET_BYTES}; the message does not hold it
   */
  public static void requireLongSecrets(String setting, String app, List<Redacted> secrets) {
    for (Redacted secret : secrets) {
      if (secret.revealBytes().length < MIN_SECRET_BYTES) {
        throw new IllegalArgumentException("apps." + app + ".secrets holds one of " + secret.revealBytes().length
            + " bytes; with " + setting + " give " + MIN_SECRET_BYTES + " or more");
      }
    }
  }
}
