package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.io.objects.RecordedObjects;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.media.core.record.SlabSink;
import dev.tapedeck.media.io.spool.ObjectPut;
import dev.tapedeck.media.io.spool.SimDisk;
import dev.tapedeck.media.io.spool.SpoolConfig;
import dev.tapedeck.media.io.spool.SpoolEvents;
import dev.tapedeck.media.io.spool.UploadLink;
import java.util.random.RandomGenerator;

/** A mistake laid over one seam of the record path. This one is none: everything passes through as it is. */
class PlantedBug {
  SimDisk disk(RandomGenerator random) {
    return new SimDisk(random);
  }

  SpoolConfig config(SpoolConfig config) {
    return config;
  }

  SlabSink tapes(SlabSink sink) {
    return sink;
  }

  SpoolEvents events(SpoolEvents events) {
    return events;
  }

  UploadLink link(UploadLink link) {
    return link;
  }

  ObjectPut put(ObjectPut store) {
    return store;
  }

  RecordedObjects objects(RecordedObjects objects) {
    return objects;
  }

  /** Called before a run, on empty tables. */
  void plant(Database database) {}

  /** Called behind it. */
  void remove(Database database) {}
}
