package dev.tapedeck.connector.io.store;

import dev.tapedeck.protocol.wire.NodeHello;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Media servers and how far their events are stored. */
public final class NodeRows {
  private NodeRows() {}

  /**
   * @param attachedMs when its present process came
   * @param goneMs     since when it has no stream
   */
  public record Node(long node, long incarnation, long attachedMs, OptionalLong goneMs) {
    /** Since when the process that owned something is gone: it has no stream, or another took its place. */
    public OptionalLong goneMs(long ownerIncarnation) {
      return ownerIncarnation == incarnation ? goneMs : OptionalLong.of(attachedMs);
    }
  }

  /** Notes that the node has a stream now. */
  public static void attach(Handle handle, NodeHello hello, long nowMillis) {
    handle.createUpdate("""
            INSERT INTO node (node, incarnation, version, http_endpoint, attached_ms, gone_ms)
            VALUES (:node, :incarnation, :version, :endpoint, :now, NULL)
            ON CONFLICT (node) DO UPDATE SET version = excluded.version, http_endpoint = excluded.http_endpoint,
              attached_ms = CASE WHEN node.incarnation = excluded.incarnation
                THEN node.attached_ms ELSE excluded.attached_ms END,
              incarnation = excluded.incarnation, gone_ms = NULL""")
        .bind("node", Integer.toUnsignedLong(hello.getNode()))
        .bind("incarnation", hello.getIncarnation())
        .bind("version", hello.getVersion())
        .bind("endpoint", hello.getHttpEndpoint())
        .bind("now", nowMillis)
        .execute();
  }

  /** Notes that the stream of this process broke. A process that took its place meanwhile is not touched. */
  public static void gone(Handle handle, long node, long incarnation, long nowMillis) {
    handle.execute("UPDATE node SET gone_ms = ? WHERE node = ? AND incarnation = ? AND gone_ms IS NULL",
        nowMillis, node, incarnation);
  }

  /** After a start of the connector nobody has a stream yet; the clock of their absence starts now. */
  public static void allGone(Handle handle, long nowMillis) {
    handle.execute("UPDATE node SET gone_ms = ? WHERE gone_ms IS NULL", nowMillis);
  }

  public static Map<Long, Node> all(Handle handle) {
    Map<Long, Node> nodes = new HashMap<>();
    handle.createQuery("SELECT node, incarnation, attached_ms, gone_ms FROM node")
        .map((row, context) -> new Node(row.getLong("node"), row.getLong("incarnation"), row.getLong("attached_ms"),
            Sql.optionalLong(row, "gone_ms")))
        .forEach(node -> nodes.put(node.node(), node));
    return nodes;
  }

  /** Highest event of this process that is stored, 0 when none is. */
  public static long ackedSeq(Handle handle, long node, long incarnation) {
    return handle.createQuery("SELECT acked_seq FROM node_event WHERE node = :node AND incarnation = :incarnation")
        .bind("node", node).bind("incarnation", incarnation)
        .mapTo(Long.class).findOne().orElse(0L);
  }

  public static void setAckedSeq(Handle handle, long node, long incarnation, long seq) {
    handle.execute("""
        INSERT INTO node_event (node, incarnation, acked_seq) VALUES (?, ?, ?)
        ON CONFLICT (node, incarnation) DO UPDATE SET acked_seq = excluded.acked_seq""", node, incarnation, seq);
  }
}
