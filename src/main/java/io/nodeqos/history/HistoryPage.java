// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.history;

import java.util.List;

/**
 * A part of the history.
 *
 * @param transitions the newest last
 * @param before the end of the page before this one, for {@link HistoryQuery#before()}; 0 when
 *     there is no older matching transition
 */
public record HistoryPage(List<Transition> transitions, long before) {}
