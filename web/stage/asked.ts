/** What a dialog asked of its page, and the page's answer, which the test gives. */
export class Asked<Question, Answer> {
  readonly questions: Question[] = [];
  #answer: (answer: Answer) => void = () => {
    throw new Error("nothing was asked");
  };

  ask(question: Question): Promise<Answer> {
    this.questions.push(question);
    return new Promise((resolve) => (this.#answer = resolve));
  }

  answer(answer: Answer): void {
    this.#answer(answer);
  }
}
