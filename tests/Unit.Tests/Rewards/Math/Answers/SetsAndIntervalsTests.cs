namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>Lists, points, sets, intervals and inequalities.</summary>
public sealed class SetsAndIntervalsTests
{
    public static TheoryData<string, string> Equal() => AnswerTable.Read("""
        1, 2 ~ 2, 1
        1, 2 ~ 1 and 2
        1, 2 ~ 1 \text{ or } 2
        1, 2 ~ \{1, 2\}
        1, 2 ~ \{2,1\}
        1, 2 ~ x = 1, x = 2
        1, 2 ~ x=1 \text{ or } x=2
        1, 2 ~ x = 1 \lor x = 2
        1, 2 ~ x \in \{1, 2\}
        1, 2 ~ x_1 = 1, x_2 = 2
        1, 2 ~ x_{1}=2,\ x_{2}=1
        1, 2 ~ 1;2
        1, 2 ~ 1 \quad 2
        1, 2 ~ 1 \text{ and } 2
        1, 2 ~ 1，2
        1, 2 ~ 1、2
        1, 2 ~ 1或2
        1, 2 ~ \left\{ 1, 2 \right\}
        1, 2 ~ x=1 或 x=2
        1, 2 ~ \{x \mid x = 1 \text{ or } x = 2\}
        \{1,2,3\} ~ 1,2,3
        \{1,2,3\} ~ \{3,2,1\}
        \{1,2,3\} ~ {1,2,3}
        1, 1, 2 ~ 1, 2, 1
        (1,2),(3,4) ~ (3,4),(1,2)
        (1,2),(3,4) ~ \{(1,2),(3,4)\}
        (1,2),(3,4) ~ (1,2) \text{ and } (3,4)
        (3,4) ~ (x,y) = (3,4)
        (3,4) ~ x=3, y=4
        (3,4) ~ x=3 \text{ and } y=4
        x=3, y=4 ~ y=4, x=3
        x=3,y=4 ~ (3,4)
        (3,4) ~ (3, 4)
        (3,4) ~ \left( 3, 4 \right)
        (3,4) ~ \langle 3, 4 \rangle
        (3,4) ~ \begin{pmatrix} 3 \\ 4 \end{pmatrix}
        (3,4) ~ 3, 4
        (1,2,3) ~ (a,b,c)=(1,2,3)
        (1,2,3) ~ a=1, b=2, c=3
        \left(\frac12, -3\right) ~ (0.5,-3)
        (\sqrt{2},1) ~ (\frac{2}{\sqrt2},1)
        \pm 2 ~ 2, -2
        \pm 2 ~ -2, 2
        \pm 2 ~ x = \pm 2
        \pm 2 ~ ±2
        \pm 2 ~ +2, -2
        \pm 2 ~ 2 \text{ or } -2
        1 \pm \sqrt{3} ~ 1+\sqrt3, 1-\sqrt3
        1 \pm \sqrt{3} ~ 1 - \sqrt{3} \text{ and } 1 + \sqrt{3}
        \frac{1\pm\sqrt5}{2} ~ \frac{1+\sqrt{5}}{2}, \frac{1-\sqrt{5}}{2}
        \frac{-1\pm i\sqrt{3}}{2} ~ -\frac12 \pm \frac{\sqrt{3}}{2} i
        -1, 0, 1 ~ 0, \pm 1
        0, \pm 1 ~ \{-1,0,1\}
        (0, \infty) ~ x>0
        (0, \infty) ~ x > 0
        (0, \infty) ~ (0, +\infty)
        (0, \infty) ~ ]0, \infty[
        (0, \infty) ~ (0,∞)
        (0, \infty) ~ (0, infinity)
        (0, \infty) ~ (0, inf)
        (0, \infty) ~ (0,oo)
        (0, \infty) ~ \{x : x > 0\}
        (0, \infty) ~ \{x \in \mathbb{R} \mid x > 0\}
        (0, \infty) ~ x \in (0, \infty)
        (0, \infty) ~ 0 < x < \infty
        (0, \infty) ~ \mathbb{R}^+
        (0, \infty) ~ \mathbb{R}_{>0}
        (0, \infty) ~ 0<x
        [0, \infty) ~ x \geq 0
        [0, \infty) ~ x≥0
        [0, \infty) ~ x >= 0
        [0, \infty) ~ x \geqslant 0
        (-\infty, \infty) ~ \mathbb{R}
        (-\infty, \infty) ~ ℝ
        (-\infty, \infty) ~ \text{all real numbers}
        (-\infty, \infty) ~ all real numbers
        (-\infty, \infty) ~ x \in \mathbb{R}
        [-2, 3] ~ -2 \le x \le 3
        [-2, 3] ~ -2≤x≤3
        [-2, 3] ~ -2 <= x <= 3
        [-2, 3] ~ 3 \ge x \ge -2
        [-2, 3] ~ \{x \mid -2 \le x \le 3\}
        [-2, 3] ~ \{x|-2\leq x\leq 3\}
        [-2, 3] ~ \left[-2, 3\right]
        [-2, 3] ~ [-2,3.0]
        [-2, 3] ~ x \ge -2 \text{ and } x \le 3
        (-\infty,-1)\cup(1,\infty) ~ x<-1 \text{ or } x>1
        (-\infty,-1)\cup(1,\infty) ~ x<-1 or x>1
        (-\infty,-1)\cup(1,\infty) ~ |x|>1
        (-\infty,-1)\cup(1,\infty) ~ (1,\infty)\cup(-\infty,-1)
        (-\infty,-1)\cup(1,\infty) ~ (-∞,-1)∪(1,∞)
        (-\infty,-1)\cup(1,\infty) ~ (-\infty,-1)\text{ or }(1,\infty)
        (-\infty,-1)\cup(1,\infty) ~ (-oo,-1) U (1,oo)
        (-\infty,-1)\cup(1,\infty) ~ \{x \mid x<-1 \text{ or } x>1\}
        (-\infty,-1)\cup(1,\infty) ~ \mathbb{R} \setminus [-1,1]
        (-\infty,-1)\cup(1,\infty) ~ x \in (-\infty,-1)\cup(1,\infty)
        (-1,1) ~ |x|<1
        (-1,1) ~ -1<x<1
        (-\infty,2)\cup(2,\infty) ~ x\neq 2
        (-\infty,2)\cup(2,\infty) ~ \mathbb{R}\setminus\{2\}
        (-\infty,2)\cup(2,\infty) ~ \mathbb{R} - \{2\}
        (-\infty,2)\cup(2,\infty) ~ \mathbb{R}\backslash\{2\}
        (-\infty,2)\cup(2,\infty) ~ \{x \mid x \ne 2\}
        (-\infty,2)\cup(2,\infty) ~ all real numbers except 2
        (-\infty,2)\cup(2,\infty) ~ x≠2
        (2,3)\cup(3,4) ~ (2,4)\setminus\{3\}
        [1,2]\cup[2,3] ~ [1,3]
        \{0\}\cup[1,2] ~ [1,2]\cup\{0\}
        x>2 ~ 2<x
        x>2 ~ (2,\infty)
        x>2 ~ -x<-2
        x \le \frac{1}{2} ~ x \le 0.5
        x \le \frac{1}{2} ~ 2x \le 1
        x \le \frac{1}{2} ~ (-\infty, 1/2]
        k < 1 ~ (-\infty, 1)
        a \ge 3 ~ a\in[3,+\infty)
        m > -1 \text{ and } m \neq 0 ~ (-1,0)\cup(0,\infty)
        m > -1 且 m \neq 0 ~ m>-1, m\ne 0
        (2,3) ~ 2<x<3
        \emptyset ~ \varnothing
        \emptyset ~ \{\}
        \emptyset ~ \text{empty set}
        \emptyset ~ ∅
        \emptyset ~ no solution
        \text{no solution} ~ \text{No real solutions}
        \text{no solution} ~ \varnothing
        (-1,0)\cup(2,3) ~ (-1,0),(2,3)
        (-\infty,0),(2,\infty) ~ (-\infty,0)\cup(2,\infty)
        \frac{\pi}{2}+k\pi, k\in\mathbb{Z} ~ \frac{\pi}{2}+n\pi, n\in\mathbb{Z}
        [0,1)\cup(1,2] ~ 0\le x\le 2, x\ne 1
        \{x\mid x>0, x\ne 1\} ~ (0,1)\cup(1,\infty)
        [0,1] ~ [0,1]\cup\emptyset
        (-\infty,1]\cup[3,\infty) ~ \mathbb{R}\setminus(1,3)
        (-\infty,1]\cup[3,\infty) ~ x \le 1 \lor x \ge 3
        (-\infty,1]\cup[3,\infty) ~ x \le 1, x \ge 3
        x \ge 1 \text{ and } x \le 3 ~ [1,3]
        x\in[1,3] ~ 1\le x \le 3
        [-\sqrt2,\sqrt2] ~ -\sqrt{2} \le x \le \sqrt2
        \left(-\infty, \frac{1}{2}\right] ~ x\leqslant\frac12
        (-\infty, 0.5] ~ ]-\infty, 1/2]
        (1, 2) ~ ]1;2[
        [1, 2) ~ [1;2)
        (-4,-2) \cup (1,\infty) ~ -4 < x < -2 \text{ or } x > 1
        (-4,-2) \cup (1,\infty) ~ x\in(-4,-2)\cup(1,+\infty)
        """);

    public static TheoryData<string, string> Different() => AnswerTable.Read("""
        1, 2 ~ 1, 3
        1, 2 ~ 1, 2, 3
        1, 2 ~ 1
        1, 2 ~ 12
        1,2,3 ~ 1,2
        \{1,2,3\} ~ \{1,2\}
        \{1,2,3\} ~ (1,2,4)
        (1,2),(3,4) ~ (2,1),(3,4)
        (1,2),(3,4) ~ (1,2,3,4)
        (3,4) ~ x=4, y=3
        x=3, y=4 ~ y=3, x=4
        (3,4) ~ 4, 3
        (3,4) ~ \{4,3\}
        (1,2,3) ~ (1,3,2)
        \pm 2 ~ \pm 3
        \pm 2 ~ 2
        2 ~ \pm 2
        1\pm\sqrt3 ~ 1+\sqrt3
        (0, \infty) ~ [0, \infty)
        (0, \infty) ~ x \ge 0
        [-2, 3] ~ (-2, 3)
        [-2, 3] ~ [-2, 3)
        [-2, 3] ~ -2, 3
        [-2, 3] ~ \{-2, 3\}
        [-2, 3] ~ x \ge -2 \text{ or } x \le 3
        (-\infty,-1)\cup(1,\infty) ~ (-\infty,-1]\cup[1,\infty)
        (-\infty,-1)\cup(1,\infty) ~ (-1,1)
        x>2 ~ x\ge2
        x>2 ~ x<2
        x>2 ~ 2
        x>2 ~ y>2
        (2,3) ~ [2,3]
        \emptyset ~ \{\emptyset\}
        \emptyset ~ 0
        \emptyset ~ \{0\}
        (1,2),(3,4) ~ (1,2)\cup(3,4)
        (1,2)\cup(3,4) ~ (1,2),(2.5,4)
        \frac{\pi}{2}+k\pi, k\in\mathbb{Z} ~ \frac{\pi}{2}+2n\pi, n\in\mathbb{Z}
        [0,1)\cup(1,2] ~ 0\le x\le 2
        \{x\in\mathbb{Z}\mid x>2\} ~ (2,\infty)
        x \ge 1 \text{ or } x \le 3 ~ [1,3]
        """);

    [Theory]
    [MemberData(nameof(Equal))]
    public void One_answer_in_two_ways_is_equal(string gold, string prediction) => AnswerTable.AssertEqual(gold, prediction);

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_answers_are_not_equal(string gold, string prediction) => AnswerTable.AssertDifferent(gold, prediction);
}
