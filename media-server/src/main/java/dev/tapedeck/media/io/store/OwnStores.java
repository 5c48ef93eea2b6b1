package dev.tapedeck.media.io.store;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.store.StoreUri;
import dev.tapedeck.protocol.store.StoreUriException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The buckets that stand in this node's own configuration: one per app, and one for all other apps. Any may be missing. */
public final class OwnStores implements AutoCloseable {
  private final Optional<PutSigner> usual;
  private final Map<String, PutSigner> byApp = new LinkedHashMap<>();

  /**
   * @param usual where chunks of all other apps go
   * @throws IllegalArgumentException naming the key, if one is no store URI
   */
  public OwnStores(Optional<Redacted> usual, Map<String, Redacted> byApp) {
    this.usual = usual.map(uri -> signer("record.store-uri", uri));
    byApp.forEach((app, uri) -> this.byApp.put(app, signer("apps." + app + ".store-uri", uri)));
  }

  /** Empty if only the connector knows where chunks of this app go. */
  public Optional<PutSigner> of(String app) {
    PutSigner own = byApp.get(app);
    return own == null ? usual : Optional.of(own);
  }

  @Override
  public void close() {
    usual.ifPresent(PutSigner::close);
    byApp.values().forEach(PutSigner::close);
  }

  private static PutSigner signer(String key, Redacted uri) {
    try {
      return new PutSigner(StoreUri.parse(uri.reveal()));
    } catch (StoreUriException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }
}
