package dev.tapedeck.connector.io.life;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * One change in the making: the open transaction, who caused it and when, and what watchers are to be told once it is
 * stored.
 */
final class Change {
  private final Handle handle;
  private final long node;
  private final long incarnation;
  private final long tsMillis;
  private final long nowMillis;
  private final List<RoomChange> told;

  private Change(Handle handle, long node, long incarnation, long tsMillis, long nowMillis, List<RoomChange> told) {
    this.handle = handle;
    this.node = node;
    this.incarnation = incarnation;
    this.tsMillis = tsMillis;
    this.nowMillis = nowMillis;
    this.told = told;
  }

  /**
   * @param node      the media server it is about
   * @param nowMillis Unix milliseconds of this connector
   */
  static Change begin(Handle handle, long node, long incarnation, long nowMillis) {
    return new Change(handle, node, incarnation, nowMillis, nowMillis, new ArrayList<>());
  }

  /** The same transaction for an event that happened at this time by the media server's clock. */
  Change at(long tsMillis) {
    return new Change(handle, node, incarnation, tsMillis, nowMillis, told);
  }

  Handle handle() {
    return handle;
  }

  long node() {
    return node;
  }

  long incarnation() {
    return incarnation;
  }

  long tsMillis() {
    return tsMillis;
  }

  long nowMillis() {
    return nowMillis;
  }

  void tell(String app, String room, String event, Map<String, Object> data) {
    told.add(new RoomChange(app, room, event, data));
  }

  List<RoomChange> told() {
    return told;
  }
}
