package dev.tapedeck.connector.io.http;

import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.Optional;

/** Who sent a request, as its bearer showed. Everything it may see belongs to its app. */
sealed interface Caller {
  String app();

  /** As the audit log names it. */
  String actor();

  /** What it showed, if that can expire or be revoked while it is still being answered. */
  default Optional<TokenFingerprint> token() {
    return Optional.empty();
  }

  default boolean isAdmin() {
    return false;
  }

  /** The app's backend, with the app's secret. */
  record Service(String app) implements Caller {
    @Override
    public String actor() {
      return "app";
    }
  }

  /** Whoever holds an admin key of the app. @param fingerprint tells keys apart */
  record Admin(String app, String fingerprint) implements Caller {
    @Override
    public String actor() {
      return "admin-key:" + fingerprint;
    }

    @Override
    public boolean isAdmin() {
      return true;
    }
  }

  /** A person of the app. */
  record User(String app, String user, boolean isAdmin, Optional<TokenFingerprint> token) implements Caller {
    @Override
    public String actor() {
      return "user:" + user;
    }
  }

  /** Whoever holds an invite link; it holds for this room alone. */
  record Guest(
      String app,
      String room,
      boolean record,
      Optional<RecordPolicy> recordPolicy,
      long expiresAtMillis,
      Optional<TokenFingerprint> token)
      implements Caller {
    @Override
    public String actor() {
      return "guest";
    }
  }
}
