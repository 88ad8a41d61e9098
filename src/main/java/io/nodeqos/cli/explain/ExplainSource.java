// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.explain;

import io.nodeqos.text.TextFormat;

/** Answers the question of a command, again at each call. */
interface ExplainSource {
  /**
   * @param format of the text
   * @throws io.nodeqos.cli.command.CommandException with a sentence when there is no answer
   */
  ExplainAnswer ask(ExplainQuestion question, TextFormat format);
}
