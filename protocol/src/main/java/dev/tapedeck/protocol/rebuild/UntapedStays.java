package dev.tapedeck.protocol.rebuild;

import dev.tapedeck.protocol.chunk.RoomEventEntry;
import dev.tapedeck.protocol.manifest.Exclusions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Who was in the room and not taped, as the events say that stand on the tapes of the others. */
public final class UntapedStays {
  private UntapedStays() {}

  /** @param events of any number of tapes of one recording, in any order; what stands on several counts once */
  public static List<Exclusions.Stay> of(Collection<RoomEventEntry> events) {
    List<Exclusions.Stay> stays = new ArrayList<>();
    Map<Long, RoomEventEntry> open = new LinkedHashMap<>();
    new LinkedHashSet<>(events).stream().sorted(Comparator.comparingLong(RoomEventEntry::atMs)).forEach(event -> {
      boolean isJoin = event.type().equals(RoomEventEntry.PEER_JOINED);
      if (isJoin && !event.taped()) {
        open.putIfAbsent(event.session(), event); // who is there already is told again to each tape that begins
      } else if (isJoin || event.type().equals(RoomEventEntry.PEER_LEFT)) {
        RoomEventEntry joined = open.remove(event.session());
        if (joined != null) {
          stays.add(stay(joined, event.atMs()));
        }
      }
    });
    open.values().forEach(joined -> stays.add(stay(joined, Long.MAX_VALUE)));
    return stays;
  }

  private static Exclusions.Stay stay(RoomEventEntry joined, long toMs) {
    return new Exclusions.Stay(joined.peer(), joined.session(), joined.atMs(), toMs);
  }
}
