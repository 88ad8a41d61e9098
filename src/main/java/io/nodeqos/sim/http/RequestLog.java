// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import io.nodeqos.sim.request.RequestInfo;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every request that the server has answered, in the order of the answers. Keeps the latest up to a
 * maximum and counts the older ones that it had to drop. Thread-safe.
 */
public final class RequestLog {
  private final int maximum;
  private final Consumer<Request> sink;
  private final Deque<Request> requests = new ArrayDeque<>();
  private long dropped;

  /**
   * @param maximum how many requests are kept
   * @param sink receives each request, in order, before its answer is sent
   */
  RequestLog(int maximum, Consumer<Request> sink) {
    this.maximum = maximum;
    this.sink = sink;
  }

  /**
   * One request. The first fields are as in {@link RequestInfo}; the name of a creation is the
   * created object's.
   *
   * @param received when it had been read
   * @param completed when it had been carried out and the answer was about to be sent; of a watch
   *     when its stream started (a watch is logged once, at its start)
   * @param code the HTTP status; 0 when the connection was closed without one
   * @param resourceVersion of the object or list in the answer, else ""
   * @param metadataOnly it requested only the objects' metadata
   */
  public record Request(
      Instant received,
      Instant completed,
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name,
      int code,
      String userAgent,
      String resourceVersion,
      boolean metadataOnly) {}

  /** A copy of the kept requests, oldest first. */
  public synchronized List<Request> all() {
    return new ArrayList<>(requests);
  }

  /** Those received at this time or later. */
  public synchronized List<Request> since(Instant time) {
    return requests.stream().filter(request -> !request.received().isBefore(time)).toList();
  }

  /** How many requests were dropped because more than the maximum came. */
  public synchronized long dropped() {
    return dropped;
  }

  synchronized void add(Request request) {
    requests.addLast(request);
    if (requests.size() > maximum) {
      requests.removeFirst();
      dropped++;
    }
    sink.accept(request);
  }
}
