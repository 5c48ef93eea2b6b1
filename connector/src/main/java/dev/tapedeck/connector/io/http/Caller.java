package dev.tapedeck.connector.io.http;

import dev.tapedeck.protocol.wire.RecordPolicy;
import java.util.Optional;

/** Who sent a request, as its bearer showed. Everything it may see belongs to its app. */
sealed interface Caller {
  String app();

  /** As the audit log names it. */
  String actor();

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
  }

  /** A person of the app. */
  record User(String app, String user, boolean isAdmin) implements Caller {
    @Override
    public String actor() {
      return "user:" + user;
    }
  }

  /** Whoever holds an invite link; it holds for this room alone. */
  record Guest(
      String app, String room, boolean record, Optional<RecordPolicy> recordPolicy, long expiresAtMillis)
      implements Caller {
    @Override
    public String actor() {
      return "guest";
    }
  }
}
