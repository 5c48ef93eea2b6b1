package dev.tapedeck.media.core.worker;

import dev.tapedeck.media.core.room.RoomPlaces;

/** The workers of this server as one of them sees them. It only queues: nothing waits, and nothing calls back. */
public interface Colleagues extends RoomPlaces {
  /** Hands a command to another worker; what one worker tells another arrives in order. */
  void tell(int worker, WorkerCommand command);

  /**
   * Hands over a datagram that came in on a socket of ours, for a session of that worker. It is copied.
   *
   * @param socket number of the socket among those of all workers
   * @param offset where it lies in our arena's memory
   * @return false if the queue to that worker is full; the datagram is lost then, as on a network
   */
  boolean passOn(int worker, long arrivalNanos, int socket, long high, long low, int port, long offset, int length);
}
