package dev.tapedeck.connector.core.ledger;

/**
 * One chunk that a media server said it holds and will store.
 *
 * @param index    place in the tape, from 0 without holes
 * @param key      where the object is to stand in the store
 * @param fromMs   Unix milliseconds of the first entry
 * @param toMs     Unix milliseconds of the last entry
 * @param sha256   lower-case hex hash of the object's bytes
 * @param verified whether we have seen the object in the store, with this length and hash
 */
public record Promise(
    int index, String key, long fromMs, long toMs, long bytes, long packets, String sha256, boolean verified) {}
