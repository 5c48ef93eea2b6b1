package dev.tapedeck.connector.io.store;

import dev.tapedeck.protocol.token.TokenFingerprint;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Tokens that open nothing any more, until they expire. */
public final class RevokedTokenRows {
  private RevokedTokenRows() {}

  public static void add(Handle handle, String app, TokenFingerprint token, long nowMillis) {
    handle.execute("""
        INSERT INTO revoked_token (app, hash, expires_ms, revoked_ms) VALUES (?, ?, ?, ?)
        ON CONFLICT (app, hash) DO NOTHING""", app, token.hash(), token.expiresAtMillis(), nowMillis);
  }

  /** Of all apps. */
  public static List<TokenFingerprint> all(Handle handle) {
    return handle.createQuery("SELECT hash, expires_ms FROM revoked_token ORDER BY revoked_ms, hash")
        .map((row, context) -> new TokenFingerprint(row.getString("hash"), row.getLong("expires_ms"))).list();
  }

  public static void forgetExpired(Handle handle, long nowMillis) {
    handle.execute("DELETE FROM revoked_token WHERE expires_ms <= ?", nowMillis);
  }
}
