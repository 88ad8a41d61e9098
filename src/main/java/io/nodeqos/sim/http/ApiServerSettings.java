// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of an {@link ApiServer}.
 *
 * @param port on the loopback interface; 0 for a free one
 * @param bookmarkInterval the time between two bookmarks of a watch that allows them
 * @param eventWindow how many past events of each resource a watch can go back
 * @param watchQueue how many events a watch may fall behind before it is closed
 * @param requestLog how many requests the log keeps
 * @param auditFile where to write requests as audit log lines, if anywhere
 */
public record ApiServerSettings(
    int port,
    Duration bookmarkInterval,
    int eventWindow,
    int watchQueue,
    int requestLog,
    Optional<Path> auditFile) {

  /** A free port, bookmarks each minute, 10,000 events back and behind, 500,000 requests. */
  public static ApiServerSettings defaults() {
    return new ApiServerSettings(
        0, Duration.ofMinutes(1), 10_000, 10_000, 500_000, Optional.empty());
  }

  public ApiServerSettings withPort(int newPort) {
    return new ApiServerSettings(
        newPort, bookmarkInterval, eventWindow, watchQueue, requestLog, auditFile);
  }

  public ApiServerSettings withEventWindow(int newWindow) {
    return new ApiServerSettings(
        port, bookmarkInterval, newWindow, watchQueue, requestLog, auditFile);
  }

  public ApiServerSettings withWatchQueue(int newQueue) {
    return new ApiServerSettings(
        port, bookmarkInterval, eventWindow, newQueue, requestLog, auditFile);
  }

  public ApiServerSettings withRequestLog(int newMaximum) {
    return new ApiServerSettings(
        port, bookmarkInterval, eventWindow, watchQueue, newMaximum, auditFile);
  }

  public ApiServerSettings withAuditFile(Path newFile) {
    return new ApiServerSettings(
        port, bookmarkInterval, eventWindow, watchQueue, requestLog, Optional.of(newFile));
  }
}
