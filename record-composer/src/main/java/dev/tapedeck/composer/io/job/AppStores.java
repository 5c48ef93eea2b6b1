package dev.tapedeck.composer.io.job;

import dev.tapedeck.protocol.store.StoreUri;
import java.util.Map;

/** Which stores serve an app: one of its own for all that is its, or the common ones. */
public final class AppStores {
  private final Stores common;
  private final Map<String, StoreUri> own;

  /**
   * The stores of one app; they may be the same.
   *
   * @param recordings holds what was taped
   * @param transmuxed takes a file per track
   * @param composed   takes composed files
   */
  public record Stores(StoreUri recordings, StoreUri transmuxed, StoreUri composed) {}

  /** @param own app id to its own store */
  public AppStores(Stores common, Map<String, StoreUri> own) {
    this.common = common;
    this.own = Map.copyOf(own);
  }

  Stores of(String app) {
    StoreUri store = own.get(app);
    return store == null ? common : new Stores(store, store, store);
  }
}
