// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import io.nodeqos.sim.store.StoredEvent;

/**
 * An event on its way to those that watch its collection.
 *
 * @param nanos when it arrives
 */
record Delivery(long nanos, String collection, StoredEvent event) {}
