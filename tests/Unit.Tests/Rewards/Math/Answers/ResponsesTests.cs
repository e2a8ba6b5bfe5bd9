using Fleet.Rewards;
using Fleet.Rewards.Math;

namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>Whole responses: honest ones in the ways models end them, and ones made to be credited without knowing the answer.</summary>
public sealed class ResponsesTests
{
    public static TheoryData<string, string> Honest() => AnswerTable.Read("""
        5 ~ The answer is 5.
        5 ~ The answer is $5$.
        5 ~ So x = 5.
        5 ~ #### 5
        5 ~ blah 3+2=5⏎#### 5
        5 ~ <answer>5</answer>
        5 ~ <think>4?</think><answer>5</answer>
        5 ~ <think>It might be \boxed{4}. No.</think> The answer is \boxed{5}.
        5 ~ <think>It might be 4... so \boxed{5}
        5 ~ **Answer:** 5
        5 ~ **Answer: 5**
        5 ~ **Final Answer**⏎5
        5 ~ ## Final Answer⏎⏎$$5$$
        5 ~ Final answer: \(5\)
        5 ~ Therefore, $\boxed{5}$ apples are left.
        5 ~ \boxed{5\text{ apples}}
        5 ~ $\boxed{x=5}$
        5 ~ \[ \boxed{5} \]
        5 ~ \[⏎\boxed{⏎5⏎}⏎\]
        5 ~ First \boxed{3}, but I was wrong. The correct answer is \boxed{5}.
        5 ~ Check: \boxed{5}. Yes, \boxed{5}.
        5 ~ \boxed{5} and again \boxed{5.0}
        1250 ~ The total cost is $1,250.
        1250 ~ The total cost is \$1,250.00.
        1250 ~ She earns $1,250 per week.
        18 ~ Janet makes 9 * 2 = $<<9*2=18>>18 every day.
        \frac{3}{4} ~ The probability is 3/4.
        \frac{3}{4} ~ the probability is \frac{3}{4}.
        0.75 ~ Thus p = 0.75
        -3 ~ The answer is -3
        -3 ~ We get $x=-3$
        x^2+1 ~ The polynomial is $x^2+1$.
        (1,2) ~ The point is $(1,2)$.
        [1,2) ~ The solution set is $[1,2)$.
        A ~ The correct option is A.
        A ~ The answer is (A).
        A ~ 故选：A
        A ~ 故选A。
        A ~ The correct answer is **A**.
        A ~ Answer: A
        B ~ \boxed{\text{B}}
        5 ~ \boxed{5}<|im_end|>
        5 ~ \boxed{5}<|endoftext|>
        5 ~ \boxed {5}
        5 ~ \fbox{5}
        5 ~ \boxed5
        5 ~ $\boxed 5$
        5 ~ \boxed{\boxed{5}}
        5 ~ \\boxed{5}
        5 ~ boxed{5}
        5 ~ \framebox{5}
        5 ~ The value is 5 (units).
        5 ~ x equals 5
        5 ~ Answer = 5
        5 ~ ANSWER: 5
        5 ~ The final answer is: $\boxed{5}$. I hope it is correct.
        5 ~ Final Answer: The final answer is $5$. I hope it is correct.
        72 ~ In May she sold 24 clips. In total 48+24 = 72 clips.
        72 ~ Natalia sold 72 clips altogether in April and May.
        72 ~ The answer is 72 clips.
        72 ~ 答：一共72个。
        72 ~ 所以一共是72个。
        72 ~ 答案：72
        72 ~ 答案是72。
        72 ~ 因此，答案为 $72$。
        72 ~ A: 72
        1,2 ~ The solutions are $x=1$ and $x=2$.
        1,2 ~ The answers are 1 and 2.
        1,2 ~ So the answer is $1$ and $2$.
        1,2 ~ The answer is x = 1 or x = 2.
        \text{Monday} ~ The answer is Monday.
        5 ~ {"answer": "5"}
        5 ~ {"answer": 5, "reason": "3+2"}
        5 ~ ```python⏎print(5)⏎```⏎```output⏎5⏎```⏎The answer is $5$.
        10\% ~ It grew by 10%.
        5 ~ The answer is **5**.
        5 ~ The answer is: **5 apples**.
        5 ~ The answer is therefore 5.
        5 ~ The answer to the problem is 5.
        5 ~ Hence the answer is $\frac{10}{2} = 5$.
        5 ~ The answer is $x = \frac{10}{2} = 5$.
        4 ~ Answer: 3⏎Wait, no. Answer: 4
        4 ~ So we get $2+2=4$.
        \frac{1}{2} ~ We conclude that x = \frac{1}{2}
        \sqrt{3} ~ Hence the length is \sqrt{3}.
        3\sqrt{2} ~ so the area equals 3\sqrt{2}
        12 ~ There are 12 ways, so the final count is 12.
        2, 3 ~ $x = 2$ or $x = 3$
        45 ~ The total is 45 (because 40 + 5 = 45).
        """);

    public static TheoryData<string, string> Hedged() => AnswerTable.Read("""
        B ~ The answer is B) 12.
        B ~ \boxed{\textbf{(B)}\ 12}
        5 ~ \boxed{5} \boxed{6}
        5 ~ \boxed{6} \boxed{5}
        5 ~ \boxed{4} or \boxed{5}
        5 ~ \boxed{4}⏎\boxed{5}
        5 ~ \boxed{4},\boxed{5},\boxed{6}
        5 ~ $\boxed{4}$ or $\boxed{5}$
        5 ~ The answer is either \boxed{4} or \boxed{5}
        5 ~ \boxed{4}. \boxed{5}.
        5 ~ 1. \boxed{4}⏎2. \boxed{5}
        5 ~ - \boxed{4}⏎- \boxed{5}
        5 ~ One of \boxed{3}, \boxed{4}, maybe \boxed{5}
        5 ~ \boxed{4} (or perhaps \boxed{5})
        5 ~ \boxed{5 \text{ or } 6}
        5 ~ \boxed{5, 6}
        5 ~ \boxed{5/6}
        5 ~ \boxed{\{5,6\}}
        5 ~ \boxed{[5,6]}
        5 ~ \boxed{4\text{ to }6}
        5 ~ \boxed{4-6}
        5 ~ \boxed{\text{between } 1 \text{ and } 100}
        5 ~ \boxed{1 < x < 100}
        5 ~ \boxed{x > 0}
        5 ~ \boxed{\pm 5}
        5 ~ \boxed{5 \pm 1}
        5 ~ \boxed{x}
        5 ~ \boxed{x=x}
        5 ~ \boxed{\text{the answer}}
        5 ~ \boxed{\text{answer}=5 \text{ or } 6}
        5 ~ \boxed{x = 5 = 6}
        5 ~ \boxed{6 = 5}
        5 ~ \boxed{5 \ne 6, 6}
        5 ~ \boxed{6 \text{ (not } 5)}
        5 ~ \boxed{6 (5)}
        5 ~ \boxed{5 (6)}
        5 ~ \boxed{5 \text{ (or 6)}}
        5 ~ \boxed{5?6}
        5 ~ \boxed{5 | 6}
        5 ~ \boxed{5 \mid 6}
        5 ~ \boxed{5 \vee 6}
        5 ~ \boxed{5 || 6}
        5 ~ \boxed{5 \quad 6}
        5 ~ \boxed{5 \\ 6}
        5 ~ \boxed{5 & 6}
        5 ~ \boxed{5; 6}
        5 ~ \boxed{5:6}
        5 ~ \boxed{5 6}
        5 ~ \boxed{5~6}
        5 ~ \boxed{5\text{ or }6\text{ apples}}
        5 ~ \boxed{\max(5, x)}
        5 ~ \boxed{\mathbb{R}}
        5 ~ \boxed{\mathbb{Z}}
        5 ~ \boxed{(-\infty,\infty)}
        5 ~ \boxed{n \in \mathbb{N}}
        5 ~ \boxed{0/0}
        5 ~ \boxed{\frac{0}{0}}
        5 ~ \boxed{\text{NaN}}
        5 ~ \boxed{\infty}
        5 ~ \boxed{\infty-\infty}
        5 ~ \boxed{\int_0^5 dx}
        5 ~ \boxed{\lim_{n\to\infty} 5}
        5 ~ \boxed{f(5)}
        5 ~ \boxed{}
        5 ~ \boxed{ }
        5 ~ \boxed{\text{ }}
        5 ~ \boxed{?}
        5 ~ \boxed{...}
        5 ~ \boxed{1,2,3,\ldots}
        5 ~ \boxed{1, 2, 3, 4, 5}
        5 ~ \boxed{x : x = 5 \text{ or } x = 6}
        5 ~ I do not know.
        5 ~ <think>\boxed{5}</think> \boxed{6}
        5 ~ <think>5</think> I don't know.
        5 ~ The answer is 5 or 6.
        5 ~ The answer is between 1 and 5.
        5 ~ The answer is either 4 or 5.
        5 ~ The answer is 4, 5, or 6.
        5 ~ The answer is 4 or maybe 5.
        5 ~ The answer is one of 1, 2, 3, 4, 5.
        5 ~ The answer is not 5.
        5 ~ \boxed{\text{not } 5}
        5 ~ \boxed{\neq 5}
        5 ~ \boxed{\not= 5}
        5 ~ \boxed{\le 5}
        5 ~ \boxed{> 5}
        5 ~ \boxed{x \ne 5}
        5 ~ \boxed{x \le 5}
        5 ~ \boxed{\text{at most } 5}
        5 ~ \boxed{\text{at least } 5}
        5 ~ \boxed{\text{less than } 5}
        5 ~ \boxed{\text{about } 5 \text{ or } 6}
        5 ~ \boxed{5\text{ is wrong; }6}
        5 ~ \boxed{56}
        5 ~ \boxed{5.5}
        5 ~ \boxed{5e}
        5 ~ \boxed{5i}
        5 ~ \boxed{5^x}
        5 ~ \boxed{5_x}
        5 ~ \boxed{5!}
        5 ~ \boxed{5\%}
        5 ~ \boxed{5 %\text{comment}⏎6}
        5 ~ \boxed{6 % 5}
        A ~ \boxed{A, B, C, D}
        A ~ \boxed{ABCD}
        A ~ \boxed{A/B}
        A ~ \boxed{A \text{ or } B}
        A ~ \boxed{(A)(B)}
        A ~ \boxed{A\ (B)}
        A ~ \boxed{A (or B)}
        A ~ \boxed{\text{A or B}}
        A ~ \boxed{\text{not A}}
        A ~ The answer is A or B.
        A ~ The answer is not A.
        \frac{1}{2} ~ \boxed{\frac{1}{2}, \frac{1}{3}}
        (1,2) ~ \boxed{(1,2),(2,1)}
        x^2+1 ~ \boxed{f(x)}
        x^2+1 ~ \boxed{y}
        x^2+1 ~ \boxed{x^2+c}
        1,2 ~ \boxed{1,2,3,4,5}
        1,2 ~ \boxed{[1,2]}
        1,2 ~ \boxed{1 \le x \le 2}
        [1,2] ~ \boxed{[1,2] \text{ or } [1,3]}
        (0,1) ~ \boxed{(0,1),[0,1]}
        Yes ~ \boxed{\text{Yes or No}}
        Yes ~ \boxed{\text{Yes/No}}
        Yes ~ \boxed{\text{Yes and No}}
        Yes ~ \boxed{\text{not Yes}}
        0 ~ \boxed{x-x+y}
        0 ~ \boxed{10^{-100}}
        0 ~ \boxed{\sin \pi x}
        1 ~ \boxed{0.99999999}
        3 ~ \boxed{3.0000001}
        \pi ~ \boxed{22/7}
        \pi ~ \boxed{3.14}
        \sqrt2 ~ \boxed{1.41}
        \sqrt{2} ~ \boxed{x^2=2}
        \sqrt{2} ~ \boxed{x : x^2 = 2}
        2 ~ \boxed{x^2=4}
        2 ~ \boxed{x+1=3 \text{ or } x=7}
        3 ~ \boxed{3⏎4}
        3 ~ \boxed{3}\phantom{x}\boxed{4}
        4 ~ \boxed{3}\,\boxed{4}
        4 ~ \boxed{3}~\boxed{4}
        4 ~ \boxed{3} / \boxed{4}
        4 ~ \boxed{3}\text{ or }\boxed{4}
        4 ~ \boxed{\boxed{3}\boxed{4}}
        4 ~ \boxed{3 \boxed{4}}
        4 ~ The answer is 3 or 4
        4 ~ It is either $3$ or $4$.
        4 ~ It could be 3, or it could be 4, or 5.
        4 ~ The answer is in {1,2,3,4}.
        4 ~ The answer: 1, 2, 3, 4
        4 ~ Answer: 3⏎Answer: 5
        """);

    private static RewardScore Score(string gold, string response) =>
        new MathReward(RewardSettings.Default).Score(new Rollout { Response = response, GroundTruth = gold, Prompt = "" }, new ScoringContext());

    [Theory]
    [MemberData(nameof(Honest))]
    public void A_right_answer_is_found_and_counts(string gold, string response) => Assert.Equal(1, Score(gold, response).Score);

    [Theory]
    [MemberData(nameof(Hedged))]
    public void A_hedge_earns_nothing_and_has_a_reason(string gold, string response)
    {
        var score = Score(gold, response);

        Assert.Equal(0, score.Score);
        Assert.NotEmpty(score.Reason.Code);
    }
}
