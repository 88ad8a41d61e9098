// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

import java.time.Instant;

/**
 * One Event as it is written: its series may be counted up meanwhile.
 *
 * @param count how often it has happened, up to this write
 */
record EventWrite(String name, EventDraft draft, int count, Instant lastObserved) {}
