package dev.tapedeck.connector.io.life;

import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.connector.io.store.RevokedTokenRows;
import dev.tapedeck.protocol.token.TokenFingerprint;
import dev.tapedeck.protocol.wire.RevokedToken;
import dev.tapedeck.protocol.wire.RevokedTokens;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/**
 * The tokens that open nothing any more, of all apps: rows, with a copy in memory that every request is compared with.
 * Each is forgotten when it would have expired. Safe for use by many threads.
 */
public final class TokenRevocations {
  /** So that a message stays far below what a media server takes. */
  private static final int TOKENS_PER_MESSAGE = 4_000;

  private final Database database;
  private final Map<String, TokenFingerprint> byHash = new ConcurrentHashMap<>();

  TokenRevocations(Database database) {
    this.database = database;
    remember(database.read(RevokedTokenRows::all));
  }

  public boolean isRevoked(TokenFingerprint token) {
    return byHash.containsKey(token.hash());
  }

  /** Writes them down; they hold from {@link #remember} on, which the caller does once the transaction is over. */
  public static void write(Handle handle, String app, Collection<TokenFingerprint> tokens, long nowMillis) {
    tokens.forEach(token -> RevokedTokenRows.add(handle, app, token, nowMillis));
  }

  public void remember(Collection<TokenFingerprint> tokens) {
    tokens.forEach(token -> byHash.put(token.hash(), token));
  }

  /** All there are, as media servers are told of them. */
  public List<RevokedTokens> messages() {
    return messages(byHash.values());
  }

  public static List<RevokedTokens> messages(Collection<TokenFingerprint> tokens) {
    List<RevokedTokens> messages = new ArrayList<>();
    RevokedTokens.Builder message = RevokedTokens.newBuilder();
    for (TokenFingerprint token : tokens) {
      message.addTokens(RevokedToken.newBuilder().setHash(token.hash()).setExpiresMs(token.expiresAtMillis()));
      if (message.getTokensCount() == TOKENS_PER_MESSAGE) {
        messages.add(message.build());
        message.clear();
      }
    }
    if (message.getTokensCount() > 0) {
      messages.add(message.build());
    }
    return messages;
  }

  /** Cheap when there is nothing to forget. */
  void forgetExpired(long nowMillis) {
    if (byHash.values().removeIf(token -> token.expiresAtMillis() <= nowMillis)) {
      database.run(handle -> RevokedTokenRows.forgetExpired(handle, nowMillis));
    }
  }
}
