// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.events;

/**
 * The settings {@code events.*}: for the Kubernetes Events of this controller.
 *
 * @param enabled whether it writes any
 * @param rate the most writes of Events a second, apart from all other writes; halved each time the
 *     server says it is overloaded
 * @param burst writes of Events that may be made at once after a pause
 */
public record EventsSettings(boolean enabled, int rate, int burst) {
  public static final EventsSettings DEFAULTS = new EventsSettings(true, 25, 100);
}
