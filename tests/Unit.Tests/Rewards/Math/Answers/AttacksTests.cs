namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>Answers that come close to another, or that try to stand for several.</summary>
public sealed class AttacksTests
{
    public static TheoryData<string, string> Equal() => AnswerTable.Read("""
        2 ~ 1.(9)
        10:00 PM ~ 22:00
        2 ~ 10 \bmod 4
        255 ~ FF_{16}
        100000 ~ one hundred thousand
        """);

    public static TheoryData<string, string> Different() => AnswerTable.Read("""
        5 ~ 5 (or six)
        5 ~ 5 (five or six)
        5 ~ 5 \text{ unless it is six}
        0.5 ~ 0.(6)
        2 ~ 1.(8)
        12 ~ 1'2
        1234 ~ 1.234
        1.234 ~ 1234
        3.14 ~ 3,15
        314 ~ 3,14
        10:00 AM ~ 10:00 PM
        10 AM ~ 22:00
        10:00 PM ~ 10:00 AM
        5 kg ~ 5 hours
        \$5 ~ €5
        10\text{ m} ~ 10 \text{ s}
        100\text{ cm}^2 ~ 1\text{ m}^2
        30^\circ ~ 30 \text{ rad}
        [0,1] ~ [0,1],[2,3]
        (0,1)\cup(2,3) ~ (0,1),(2,3),(4,5)
        (0,1)\cup(2,3) ~ (0,3)
        \mathbb{R} ~ \text{all real numbers except } 2
        (-\infty,2)\cup(2,\infty) ~ all real numbers
        \emptyset ~ \text{all real numbers}
        x>3 \text{ and } x<5 ~ x>3 \text{ or } x<5
        x>1, y<3 ~ y>1, x<3
        2k\pi, k\in\mathbb{Z} ~ k\pi, k\in\mathbb{Z}
        \binom{10}{3} ~ C_{10}^{4}
        20 ~ C_{10}^{3}
        3 ~ 10 \bmod 4
        6 ~ 10 \bmod 4
        1AF_{16} ~ 1AF_{17}
        255 ~ FE_{16}
        3:4 ~ 4 to 3
        1.75 ~ 1 to 4
        5 ~ five hundred
        100 ~ hundred thousand
        25 ~ twenty or five
        6 ~ sixty
        0 ~ \infty - \infty
        0 ~ 0 \cdot \infty
        1 ~ \infty/\infty
        1 ~ 0^0
        1 ~ 1^\infty
        \infty ~ 0^{-1}
        A ~ A (B)
        A ~ (A), (B)
        A ~ A B C D
        A ~ {A}{B}
        A ~ A\text{ or }B
        B ~ A, but B
        3 ~ x=3, x=4
        3 ~ x=3 \lor x=4
        3 ~ \{3,4\}
        3 ~ \begin{cases}3\\4\end{cases}
        3 ~ \begin{pmatrix}3\\4\end{pmatrix}
        3 ~ 3 \cup 4
        3 ~ 3 \text{ to } 4
        3 ~ 3 .. 4
        3 ~ 3...
        3 ~ 3.3...
        3 ~ 1,2,3,...
        3 ~ 3\ldots 4
        3 ~ 34
        """);

    [Theory]
    [MemberData(nameof(Equal))]
    public void One_answer_in_two_ways_is_equal(string gold, string prediction) => AnswerTable.AssertEqual(gold, prediction);

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_answers_are_not_equal(string gold, string prediction) => AnswerTable.AssertDifferent(gold, prediction);
}
