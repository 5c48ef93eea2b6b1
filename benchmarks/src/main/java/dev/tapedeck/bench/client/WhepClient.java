package dev.tapedeck.bench.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Watches by WHEP (draft-ietf-wish-whep), with slots that show what the watcher chooses. */
public final class WhepClient extends SignalingClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What one m-line shall show.
   *
   * @param peer  empty for nothing
   * @param track name of the peer's track, for instance {@code audio} or {@code video}
   */
  public record Slot(String mid, Optional<String> peer, String track) {
    public static Slot of(String mid, String peer, String track) {
      return new Slot(mid, Optional.of(peer), track);
    }

    public static Slot empty(String mid, String track) {
      return new Slot(mid, Optional.empty(), track);
    }
  }

  public WhepClient(HttpClient http, URI server, String token) {
    super(http, server, token);
  }

  /** {@code POST /whep/endpoint}.
   *  @param peer whom the first slots show; empty for the first peer of the room
   *  @return the answer's SDP */
  public String watch(String offerSdp, Optional<String> peer) throws IOException {
    String query = peer.map(name -> "?peer=" + URLEncoder.encode(name, StandardCharsets.UTF_8)).orElse("");
    return create("/whep/endpoint" + query, offerSdp);
  }

  /** {@code PUT /whep/conn/{id}/slots}; m-lines that are not named keep what they show. */
  public void putSlots(List<Slot> slots) throws IOException {
    ObjectNode body = JSON.createObjectNode();
    ArrayNode list = body.putArray("slots");
    for (Slot slot : slots) {
      ObjectNode entry = list.addObject();
      entry.put("mid", slot.mid());
      slot.peer().ifPresentOrElse(peer -> entry.put("peer", peer), () -> entry.putNull("peer"));
      entry.put("track", slot.track());
    }
    putJson("/slots", JSON.writeValueAsString(body));
  }

  /** {@code GET /whep/conn/{id}/slots}. @return the JSON as the server wrote it */
  public String slots() throws IOException {
    return get("/slots");
  }
}
