package dev.tapedeck.standalone.browser;

import java.util.List;

/**
 * The pictures one slot has shown since it exists.
 *
 * @param widths           in the order they appeared, each run of equal ones once
 * @param longestGapMillis longest time between two pictures
 * @param longestGapAt     number of the picture after that gap
 */
public record Timeline(long frames, List<Integer> widths, double longestGapMillis, long longestGapAt) {}
