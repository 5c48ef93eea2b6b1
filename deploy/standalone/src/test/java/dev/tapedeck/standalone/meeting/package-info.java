/** A meeting of real browsers through the pages people use, and the files that come out of it. */
package dev.tapedeck.standalone.meeting;
