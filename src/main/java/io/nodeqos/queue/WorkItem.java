// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.queue;

import java.time.Duration;

/**
 * One piece of work, as handed to a worker.
 *
 * @param key the key to work on
 * @param lane the lane it was taken from
 * @param trigger the first cause since it was last handed out
 * @param queuedFor how long it was ready and waited; the time of a delay does not count
 * @param attempt 1 for the first try, one more for each failure since the last {@link
 *     KeyedQueue#forget}
 */
public record WorkItem(String key, Lane lane, Trigger trigger, Duration queuedFor, int attempt) {}
