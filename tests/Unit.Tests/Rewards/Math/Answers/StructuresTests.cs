namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>Matrices, bases, ratios, times, congruences, words, choices and cases.</summary>
public sealed class StructuresTests
{
    public static TheoryData<string, string> Equal() => AnswerTable.Read("""
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ \left[\begin{array}{cc} 1 & 2 \\ 3 & 4 \end{array}\right]
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ \left(\begin{matrix}1&2\\3&4\end{matrix}\right)
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ \begin{pmatrix}1&2\\3&4\\\end{pmatrix}
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ [[1,2],[3,4]]
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ [[1, 2], [3, 4]]
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ A = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}
        \begin{pmatrix} 1/2 & 0 \\ 0 & 1/3 \end{pmatrix} ~ \frac{1}{6}\begin{pmatrix} 3 & 0 \\ 0 & 2 \end{pmatrix}
        \begin{pmatrix} 0.5 \\ -1 \end{pmatrix} ~ \begin{pmatrix} \frac12 \\ -1 \end{pmatrix}
        \begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix} ~ -2
        \begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix} ~ (1,2,3)
        \begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix} ~ \begin{pmatrix} 1 & 2 & 3 \end{pmatrix}^T
        \begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix} ~ [1, 2, 3]
        \begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix} ~ [1, 2, 3]^T
        \begin{pmatrix} 1 \\ 2 \\ 3 \end{pmatrix} ~ \langle 1,2,3 \rangle
        \mathbf{v} = \begin{pmatrix} 1 \\ 2 \end{pmatrix} ~ \begin{pmatrix} 1 \\ 2 \end{pmatrix}
        1011_2 ~ 1011_{2}
        1011_2 ~ (1011)_2
        1011_2 ~ 1011_{\text{two}}
        1011_2 ~ 1011
        1011_2 ~ 1011 \text{ base } 2
        1011_2 ~ 1011_{(2)}
        1011_2 ~ 11_{10}
        1AF_{16} ~ 1AF_{16}
        1AF_{16} ~ 1af_{16}
        1AF_{16} ~ 431_{10}
        1AF_{16} ~ \text{1AF}_{16}
        1AF_{16} ~ \mathrm{1AF}_{16}
        1AF_{16} ~ 1AF
        2B_{12} ~ 35_{10}
        11 ~ 1011_2
        3:4 ~ 6:8
        3:4 ~ 3 : 4
        3:4 ~ \frac{3}{4}
        3:4 ~ 3/4
        3:4 ~ 0.75
        3:4 ~ 3 to 4
        3:4 ~ 3 \text{ to } 4
        3:4 ~ 3{:}4
        3:4 ~ 3：4
        3:4 ~ \text{3:4}
        3:4 ~ 3\colon4
        3:4 ~ 3∶4
        1:2:3 ~ 2:4:6
        1:\sqrt3:2 ~ \frac12:\frac{\sqrt3}{2}:1
        3:30 ~ 3:30 PM
        3:30\text{ p.m.} ~ 3:30 PM
        3:30 \text{ PM} ~ 3:30 pm
        3:30 PM ~ 15:30
        10:00 AM ~ 10 AM
        10:00 AM ~ 10 a.m.
        10:00 AM ~ 10:00
        \text{Monday} ~ Monday
        Monday ~ \text{monday}
        March 15 ~ 15 March
        March 15 ~ March 15th
        March 15, 2024 ~ 15 March 2024
        July 4, 1776 ~ Jul 4, 1776
        5 \pmod{7} ~ 5
        5 \pmod{7} ~ x \equiv 5 \pmod{7}
        x \equiv 5 \pmod 7 ~ x\equiv 12 \pmod 7
        5 ~ 5 \mod 7
        5 ~ 5 \bmod 7
        5 ~ 12 \bmod 7
        12 ~ 12 (mod 17)
        n \equiv 1, 4 \pmod 5 ~ n\equiv 4,1 \pmod 5
        \text{Yes} ~ yes
        Yes ~ \textbf{Yes}
        Yes ~ Yes.
        True ~ true
        \text{even} ~ even
        \text{Alice} ~ Alice
        \text{Alice} ~ \text{Alice.}
        \text{(A)} ~ A
        A ~ (A)
        A ~ \text{A}
        A ~ \textbf{A}
        A ~ A.
        A ~ A)
        A ~ Option A
        A ~ \text{Option A}
        A ~ Choice (A)
        A ~ \mathrm{A}
        (A) ~ A
        A ~ a
        A ~ \mathbf{A}
        A ~ \boxed{A}
        A ~ 选A
        A ~ Ａ
        A ~ $A$
        A,C ~ AC
        AC ~ A and C
        AC ~ A、C
        ABD ~ A, B, D
        \text{sine} ~ \text{Sine}
        \text{ellipse} ~ an ellipse
        \text{hyperbola} ~ hyperbola
        \text{parabola} ~ Parabola.
        \text{undefined} ~ undefined
        \text{does not exist} ~ DNE
        \text{DNE} ~ does not exist
        \infty ~ infinity
        -\infty ~ -∞
        +\infty ~ \infty
        f(x)=\begin{cases} x & x>0 \\ -x & x\le 0\end{cases} ~ \begin{cases} x, & x>0 \\ -x, & x\leq 0\end{cases}
        \begin{cases} x & x>0 \\ -x & x\le 0\end{cases} ~ \begin{cases} x & \text{if } x>0 \\ -x & \text{if } x\le 0\end{cases}
        \begin{cases} x & x>0 \\ -x & x\le 0\end{cases} ~ \begin{cases} -x & x\le 0 \\ x & x > 0\end{cases}
        \begin{cases} x=1 \\ y=2\end{cases} ~ x=1, y=2
        \begin{cases} x=1 \\ y=2\end{cases} ~ (1,2)
        (1,2) ~ \begin{cases} x=1 \\ y=2\end{cases}
        (1,2) ~ \left\{\begin{array}{l} x=1 \\ y=2\end{array}\right.
        5 ~ 5 \text{ or } 5
        5 ~ 5 \checkmark
        5 ~ \text{approximately } 5
        5 ~ \approx 5
        5 ~ ~5
        5 ~ 5\ \text{cm}\approx 5
        \frac{1}{3} ~ \frac{1}{3} \approx 0.333
        \frac{1}{3} ~ 1/3 ≈ 0.33
        \frac{1}{3} ~ \frac{1}{3} \text{ or } 0.333\ldots
        \frac{2}{3} ~ \frac{2}{3} \text{ (two thirds)}
        12 ~ 3 \times 4
        12 ~ 3*4
        12 ~ 3 × 4 = 12
        12 ~ 3\cdot4=12
        12 ~ 12\text{th}
        12^{th} ~ 12
        12 ~ 12^{\text{th}}
        3rd ~ 3
        7 ~ \#7
        2^{10} \cdot 3^5 ~ 3^5 \cdot 1024
        2^{10} \cdot 3^5 ~ 2^{10}\times 3^{5}
        2^3 \cdot 3 ~ 24
        2n(n+1) ~ 2n^2+2n
        (n+1)! ~ (n+1) \cdot n!
        \frac{n(n+1)}{2} ~ \binom{n+1}{2}
        a^{m+n} ~ a^m a^n
        \sqrt{x}\sqrt{y} ~ \sqrt{xy}
        \frac{1}{\sqrt{x}} ~ x^{-1/2}
        x^{1/3} ~ \sqrt[3]{x}
        \frac{a}{b}+\frac{c}{d} ~ \frac{ad+bc}{bd}
        \ln|x|+C ~ \ln |x| + C
        \frac{x^3}{3}+C ~ \frac{1}{3}x^3+C
        \frac{x^3}{3}+C ~ \frac{1}{3}x^3 + c
        \frac{\partial f}{\partial x} ~ \frac{\partial f}{\partial x}
        \overline{AB} ~ \overline{AB}
        \triangle ABC ~ \triangle ABC
        \angle A ~ ∠A
        \vec{a}+2\vec{b} ~ 2\vec{b}+\vec{a}
        \vec{a}+2\vec{b} ~ \overrightarrow{a}+2\overrightarrow{b}
        \frac{a+b+c}{3} ~ (a+b+c)/3
        a_n = 2n-1 ~ 2n-1
        a_n=2n-1 ~ a_{n}=2n-1
        a_n=2n-1 ~ a_n = 2n - 1 (n \in \mathbb{N}^*)
        a_n=2n-1 ~ a_n=2n-1, n\in\mathbb{N}^*
        \frac{n}{2n+1} ~ S_n = \frac{n}{2n+1}
        \log_a b ~ \frac{\ln b}{\ln a}
        (−2,3) ~ (-2, 3)
        2x-y-1=0 ~ y=2x-1
        x = 2 ~ x - 2 = 0
        \theta = \frac{\pi}{4} ~ \frac{\pi}{4}
        1+2i, 1-2i ~ 1 \pm 2i
        0 ~ -0
        0 ~ 0.0
        0 ~ \text{zero}
        0 ~ e^{i\pi}+1
        """);

    public static TheoryData<string, string> Different() => AnswerTable.Read("""
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ \begin{pmatrix} 1 & 3 \\ 2 & 4 \end{pmatrix}
        \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} ~ \begin{pmatrix} 1 & 2 & 3 & 4 \end{pmatrix}
        1011_2 ~ 11
        1011_2 ~ 1011_3
        1011_2 ~ 1101_2
        1AF_{16} ~ 1AE_{16}
        3:4 ~ 4:3
        1:2:3 ~ 1:3:2
        3:4 ~ 3, 4
        3:30 PM ~ 3:30 AM
        3:30 ~ 3:03
        3:30 PM ~ 4:30 PM
        12:30 ~ 1:30
        March 15 ~ March 16
        March 15 ~ April 15
        Monday ~ Tuesday
        x \equiv 5 \pmod 7 ~ x\equiv 4 \pmod 7
        x \equiv 5 \pmod 7 ~ x\equiv 5 \pmod 9
        Yes ~ No
        True ~ False
        A ~ \textbf{(A)}\ 12
        A ~ (A) 12
        A ~ A: 12
        A ~ B
        A ~ A or B
        A ~ A, B
        A ~ AB
        A ~ A, B, C, D
        A ~ (A) (B)
        D ~ (D) is wrong, (B)
        ABD ~ A, B
        AC ~ ACD
        \infty ~ -\infty
        5 ~ \infty
        \begin{cases} x & x>0 \\ -x & x\le 0\end{cases} ~ \begin{cases} x & x>0 \\ x & x\le 0\end{cases}
        0 ~ 0/0
        0 ~ \frac{1}{\infty}
        1 ~ \frac{0}{0}
        5 ~ \text{NaN}
        5 ~ 5+\frac{0}{0}
        5 ~ 5 \cdot \frac{\infty}{\infty}
        \infty ~ \frac{1}{0}
        """);

    [Theory]
    [MemberData(nameof(Equal))]
    public void One_answer_in_two_ways_is_equal(string gold, string prediction) => AnswerTable.AssertEqual(gold, prediction);

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_answers_are_not_equal(string gold, string prediction) => AnswerTable.AssertDifferent(gold, prediction);
}
