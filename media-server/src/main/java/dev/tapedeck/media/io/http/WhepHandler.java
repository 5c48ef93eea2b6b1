package dev.tapedeck.media.io.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.media.core.room.Slot;
import dev.tapedeck.media.core.room.SlotStatus;
import dev.tapedeck.media.core.sdp.NegotiatedMedia;
import dev.tapedeck.media.core.session.SessionSpec;
import dev.tapedeck.media.core.session.Visibility;
import dev.tapedeck.media.core.worker.WorkerCommand;
import dev.tapedeck.media.core.worker.WorkerEvent;
import dev.tapedeck.protocol.token.TokenKind;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Watching over HTTP (WHEP, draft-ietf-wish-whep), with slots: every recvonly m-line of the offer is a slot, and
 * {@code PUT .../slots} says which peer's track each one shows, as often as wanted and without a new offer.
 */
final class WhepHandler extends WhipHandler {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** @param peer  null or absent shows nothing
   *  @param track null or absent: the peer's first track of the slot's kind */
  record WantedSlot(String mid, String peer, String track) {}

  record WantedSlots(List<WantedSlot> slots) {}

  WhepHandler(Connections connections, Bearer bearer) {
    super(SessionSpec.Role.WATCH, TokenKind.WHEP, connections, bearer);
  }

  @Override
  void register(JavalinDefaultRoutingApi routes) {
    super.register(routes);
    routes.put("/whep/conn/{connection}/slots", this::assign);
    routes.get("/whep/conn/{connection}/slots", this::read);
  }

  @Override
  Visibility visibility(Context context) {
    return TokenJoinGate.visibility(asks(context, "hidden"), asks(context, "recorder"));
  }

  private static boolean asks(Context context, String name) {
    String value = context.queryParam(name);
    if (value != null && !value.equals("true") && !value.equals("false")) {
      throw new HttpProblem(400, "bad_query", name + " must be true or false, not " + value);
    }
    return "true".equals(value);
  }

  private void assign(Context context) {
    Connection connection = require(context);
    List<Slot> slots = slots(context.body());
    requireMids(connection, slots);
    WorkerEvent.Answer answer = connections.ask(connection, request ->
        new WorkerCommand.AssignSlots(request, connection.spec.id(), slots));
    reply(context, answer);
  }

  private void read(Context context) {
    Connection connection = require(context);
    reply(context, connections.ask(connection, request ->
        new WorkerCommand.ReadSlots(request, connection.spec.id())));
  }

  /** What the negotiated m-lines tell is the request's own fault; what the room tells is a conflict with others. */
  private static void requireMids(Connection connection, List<Slot> wanted) {
    List<String> mids = connection.spec.media().stream()
        .filter(media -> !media.isRejected()).map(NegotiatedMedia::mid).toList();
    for (Slot slot : wanted) {
      if (!mids.contains(slot.mid())) {
        throw new HttpProblem(400, "unknown_mid",
            "there is no slot with mid " + slot.mid() + "; the offer has " + String.join(", ", mids));
      }
    }
  }

  private static List<Slot> slots(String body) {
    WantedSlots wanted;
    try {
      wanted = JSON.readValue(body, WantedSlots.class);
    } catch (JsonProcessingException e) {
      throw badSlots();
    }
    if (wanted == null || wanted.slots() == null) {
      throw badSlots();
    }
    return wanted.slots().stream()
        .map(slot -> {
          if (slot == null || slot.mid() == null) {
            throw badSlots();
          }
          return new Slot(slot.mid(), orEmpty(slot.peer()), orEmpty(slot.track()));
        })
        .toList();
  }

  private static void reply(Context context, WorkerEvent.Answer answer) {
    context.json(Map.of("slots", answer.slots().stream().map(WhepHandler::json).toList()));
  }

  private static Map<String, String> json(SlotStatus slot) {
    return Map.of("mid", slot.mid(), "kind", slot.kind(), "peer", slot.peer(), "track", slot.track(),
        "state", slot.state().name().toLowerCase(Locale.ROOT));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static HttpProblem badSlots() {
    return new HttpProblem(400, "bad_slots",
        "send {\"slots\":[{\"mid\":\"0\",\"peer\":\"...\",\"track\":\"...\"}]}; a null peer empties the slot");
  }
}
