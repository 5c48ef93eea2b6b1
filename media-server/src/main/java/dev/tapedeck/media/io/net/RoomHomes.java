package dev.tapedeck.media.io.net;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which worker each room lives on. A room is given a worker by whoever first needs one, and keeps it as long as it is
 * there or somebody holds it: so two requests that come together, or one that comes while the room ends, mean the same
 * worker, and a room that never began leaves nothing behind. Used by all threads.
 */
public final class RoomHomes {
  private record Key(String app, String room) {}

  private static final class Place {
    private final int worker;
    private int holders;
    private boolean hasRoom;

    Place(int worker) {
      this.worker = worker;
    }
  }

  /** Guarded by itself, with all its places. */
  private final Map<Key, Place> places = new HashMap<>();

  /** Rooms per worker. */
  private final int[] load;

  private final int maxRooms;

  /** @param maxRooms more than these are not given a worker */
  RoomHomes(int workers, int maxRooms) {
    load = new int[workers];
    this.maxRooms = maxRooms;
  }

  /** As {@link #hold}, for somebody who begins the room if it is not there; empty if there are too many. */
  Optional<Home> enter(String app, String room) {
    synchronized (places) {
      return hasRoomFor(new Key(app, room)) ? Optional.of(hold(app, room)) : Optional.empty();
    }
  }

  /** As {@link #hold(int, String, String)}, for the same; false, and nothing is held, if there are too many. */
  boolean claim(int worker, String app, String room) {
    Key key = new Key(app, room);
    synchronized (places) {
      boolean hasRoom = hasRoomFor(key);
      if (hasRoom) {
        hold(key, worker);
      }
      return hasRoom;
    }
  }

  private boolean hasRoomFor(Key key) {
    return places.containsKey(key) || places.size() < maxRooms;
  }

  /** A room's worker, which cannot become another before this is closed. */
  public final class Home implements AutoCloseable {
    private final Key key;
    private final int worker;
    private boolean closed;

    private Home(Key key, int worker) {
      this.key = key;
      this.worker = worker;
    }

    public int worker() {
      return worker;
    }

    /** Lets go; by then the worker has told whether the room is there, because commands were waited for. */
    @Override
    public void close() {
      synchronized (places) {
        if (!closed) {
          closed = true;
          release(key);
        }
      }
    }
  }

  Home hold(String app, String room) {
    Key key = new Key(app, room);
    synchronized (places) {
      return new Home(key, hold(key, leastLoaded()));
    }
  }

  /** The room's worker, or this one if it has none; it stays so until {@link #release}. */
  int hold(int worker, String app, String room) {
    synchronized (places) {
      return hold(new Key(app, room), worker);
    }
  }

  /** Undoes {@link #hold(int, String, String)}, or a {@link #claim} that was granted. */
  void release(String app, String room) {
    synchronized (places) {
      release(new Key(app, room));
    }
  }

  private int hold(Key key, int preferred) {
    Place place = place(key, preferred);
    place.holders++;
    return place.worker;
  }

  private void release(Key key) {
    Place place = places.get(key);
    place.holders--;
    forgetIfUnused(key, place);
  }

  /** A worker tells that the room has begun there. */
  void made(int worker, String app, String room) {
    synchronized (places) {
      place(new Key(app, room), worker).hasRoom = true;
    }
  }

  /** A worker tells that nothing of the room is left. */
  void gone(String app, String room) {
    Key key = new Key(app, room);
    synchronized (places) {
      Place place = places.get(key);
      if (place != null) {
        place.hasRoom = false;
        forgetIfUnused(key, place);
      }
    }
  }

  /** Rooms that have a worker. */
  int size() {
    synchronized (places) {
      return places.size();
    }
  }

  private Place place(Key key, int worker) {
    return places.computeIfAbsent(key, unknown -> {
      load[worker]++;
      return new Place(worker);
    });
  }

  private void forgetIfUnused(Key key, Place place) {
    if (place.holders == 0 && !place.hasRoom) {
      places.remove(key);
      load[place.worker]--;
    }
  }

  int leastLoaded() {
    synchronized (places) {
      int best = 0;
      for (int worker = 1; worker < load.length; worker++) {
        if (load[worker] < load[best]) {
          best = worker;
        }
      }
      return best;
    }
  }
}
