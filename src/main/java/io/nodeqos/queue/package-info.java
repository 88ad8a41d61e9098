// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The queue of node names between the informers and the workers: deduplicating, in three priority
 * lanes, with delays and backoff, and it never loses a key. {@link io.nodeqos.queue.KeyedQueue} is
 * the queue, {@link io.nodeqos.queue.WorkerPool} the threads that empty it.
 */
package io.nodeqos.queue;
