namespace Fleet.Unit.Tests.Rewards.Math.Answers;

/// <summary>The ways competitions and examinations in several countries write their answers.</summary>
public sealed class CompetitionsTests
{
    public static TheoryData<string, string> Equal() => AnswerTable.Read("""
        3 ~ x=3（舍去负值）
        2或-2 ~ ±2
        [0,+\infty) ~ [0，+∞）
        (0,1)\cup(1,+\infty) ~ (0,1)∪(1,+∞)
        12\pi ~ 12π
        -1 ~ －1
        100米 ~ 100 米
        6厘米 ~ 6 cm
        8平方厘米 ~ 8
        8 ~ 8平方厘米
        24 ~ 24个
        24 ~ 24（个）
        24 ~ 24人
        24 ~ 24千克
        3.6 ~ 3.6元
        15 ~ 15分钟
        ①③ ~ ①③
        ①③ ~ ③①
        \text{①②④} ~ ①②④
        75\% ~ 75％
        3:2 ~ 3：2
        2:1 ~ 2比1
        相等 ~ 相等
        -\frac{1}{2} ~ $-\dfrac{1}{2}$
        y=\pm\frac{\sqrt{3}}{3}x ~ y = \pm \frac{1}{\sqrt3} x
        \frac{x^{2}}{16}+\frac{y^{2}}{12}=1 ~ \frac{x^2}{16} + \frac{y^2}{12} = 1
        x^2=4y ~ y=\frac{1}{4}x^2
        x+y-3=0 ~ y=-x+3
        x+y-3=0 ~ 3-x-y=0
        \left(k\pi-\frac{\pi}{6},k\pi+\frac{\pi}{3}\right)(k\in Z) ~ (k\pi-\frac{\pi}{6}, k\pi+\frac{\pi}{3}), k\in\mathbb{Z}
        \{x|-1<x<2\} ~ (-1,2)
        \{x|x>1或x<-1\} ~ (-\infty,-1)\cup(1,+\infty)
        \{-1,0,1\} ~ \{0,1,-1\}
        A\cap B=\{1,2\} ~ \{1,2\}
        (1)3;(2)4 ~ (1)3;(2)4
        n^2 ~ a_n=n^2
        2^{n}-1 ~ S_n=2^n-1
        3\times 2^{n-1} ~ 3\cdot2^{n-1}
        4^n ~ 2^{2n}
        2^{n+1}-2 ~ 2(2^n-1)
        \frac{1}{3}\left(4^n-1\right) ~ \frac{4^n-1}{3}
        -2 ~ a=-2
        \frac{3}{5}或-\frac{3}{5} ~ \pm\frac{3}{5}
        30^\circ或150^\circ ~ 30°,150°
        60^{\circ} ~ \frac{\pi}{3}
        2\sqrt{2}-2 ~ 2(\sqrt{2}-1)
        \frac{\pi}{2}, \pi ~ \pi, \frac{\pi}{2}
        2^{2021}-1 ~ -1+2^{2021}
        2^{1009} ~ 2^{1009}
        f(x)=x \text{ and } f(x)=-x ~ f(x)=-x, f(x)=x
        f(x)=0, f(x)=x^2 ~ f(x)=x^2 \text{ or } f(x)=0
        f(n)=2n+1007 ~ 2n+1007
        (1,1),(2,2) ~ (m,n)=(1,1),(2,2)
        (1,1),(2,2) ~ (m,n) = (1,1) \text{ or } (m,n) = (2,2)
        (x,y,z)=(1,2,3) ~ x=1,y=2,z=3
        n=3 ~ 3
        3^{2010} ~ 9^{1005}
        \frac{2020!}{2} ~ 1010\cdot 2019!
        \frac{1}{2019!} ~ \frac{2020}{2020!}
        \sqrt{2023} ~ 17\sqrt{7}
        \frac{1}{4}(\sqrt{5}-1) ~ \frac{\sqrt5-1}{4}
        4\cos^2 20^\circ ~ 2+2\cos 40^\circ
        8\sin 10^\circ\sin 50^\circ\sin 70^\circ ~ 1
        \csc^2 \frac{\pi}{7}+\csc^2\frac{2\pi}{7}+\csc^2\frac{3\pi}{7} ~ 8
        \log_{10} 2 ~ \lg 2
        \log_2 10 ~ 1+\log_2 5
        \frac{\ln 3}{\ln 2} ~ \log_2 3
        e^2 ~ e\cdot e
        2k+1 ~ 2k + 1
        \binom{2n}{n} ~ \frac{(2n)!}{n!^2}
        \binom{2n}{n} ~ \frac{(2n)!}{n!n!}
        \frac{n!}{k!(n-k)!} ~ \binom{n}{k}
        \binom{100}{50} ~ \frac{100!}{(50!)^2}
        \frac{3^{n}+(-1)^n}{2} ~ \frac{1}{2}(3^n+(-1)^n)
        \left\lfloor\frac{n}{2}\right\rfloor ~ \lfloor n/2 \rfloor
        \frac{a}{\sqrt{2}} ~ \frac{a\sqrt{2}}{2}
        \sqrt{a^2+b^2} ~ \sqrt{b^2+a^2}
        \frac{m v^2}{r} ~ mv^2/r
        \frac{1}{2}mv^2 ~ 0.5mv^2
        2\pi\sqrt{\frac{L}{g}} ~ 2\pi\sqrt{L/g}
        \frac{GM}{r^2} ~ GM/r^2
        v_0 t+\frac12 a t^2 ~ v_{0}t + \frac{at^2}{2}
        \frac{kQ}{r} ~ \frac{kQ}{r}
        \mu_0 I/(2\pi r) ~ \frac{\mu_{0}I}{2\pi r}
        \omega = \sqrt{k/m} ~ \sqrt{\frac{k}{m}}
        3.0\times 10^{8} \mathrm{~m/s} ~ 3\times10^8 m/s
        1.2 \times 10^{-3} \mathrm{~mol} ~ 1.2\times10^{-3}
        5.0 \mathrm{~kg} \cdot \mathrm{m/s} ~ 5
        025 ~ 25
        7 ~ 007
        113 ~ m+n=113
        113 ~ 100+13=113
        \frac{m}{n} = \frac{3}{4} ~ \frac34
        1{,}000{,}000 ~ 10^6
        33{,}\!333 ~ 33333
        1\frac{1}{2} ~ \frac{3}{2}
        1 \frac{1}{2} ~ 1.5
        \text{1,\!000} ~ 1000
        .25 ~ \frac14
        \$3.50 ~ 3.5
        \$12.5\text{ million} ~ 12500000
        5\% \text{ increase} ~ 5\%
        \frac{9}{16}\text{ ft}^2 ~ \frac{9}{16}
        14\text{ minutes} ~ 14 min
        6\text{ square inches} ~ 6
        -\frac{35}{9} ~ -3\frac{8}{9}
        \begin{pmatrix} -2 & 1 \\ 3/2 & -1/2 \end{pmatrix} ~ \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^{-1}
        \{1\pm\sqrt{5},-2\} ~ 1+\sqrt{5},1-\sqrt{5},-2
        3\sqrt{13} ~ \sqrt{117}
        x^3+3x-6 ~ x^{3} + 3 x - 6
        (3x-1)^2 ~ 9x^2-6x+1
        y = -\frac{1}{2}x+2 ~ x+2y=4
        \cot x ~ \frac{1}{\tan x}
        -\cos x ~ \cos(x+\pi)
        \frac{1}{3} ~ 33\frac{1}{3}\%
        \text{Friday} ~ Friday
        \text{June 20} ~ June 20
        6+9i ~ 9i+6
        [2,12) \cup (12,102] ~ 2\le x<12 \text{ or } 12<x\le102
        (5,\infty) ~ x \in (5, \infty)
        \left( 3, \frac{\pi}{2} \right) ~ (3,\pi/2)
        \frac{270}7\text{ degrees} ~ \frac{270}{7}
        2:3:7 ~ 4:6:14
        \text{(A) and (C)} ~ A, C
        A,B,C ~ \text{A, B, C}
        2516_8 ~ 2516
        4343_6 ~ 4343_{6}
        1{,}234_{5} ~ 1234_5
        9.0 ~ 9
        2.5\text{ kg} ~ 2500 g
        100 ~ 1e2
        \sqrt{1+\sqrt{1+x}} ~ \sqrt{1+\sqrt{x+1}}
        |x-3| ~ |3-x|
        \sin x + \cos x ~ \sqrt2 \sin(x+\frac{\pi}{4})
        e^{x+y} ~ e^x e^y
        x\ln x - x + C ~ x(\ln x - 1) + C
        2^{\frac{1}{3}} ~ \sqrt[3]{2}
        0.\overline{09} ~ \frac{1}{11}
        1.2\overline{3} ~ \frac{37}{30}
        \frac{5}{2}\sqrt{2} ~ \frac{5\sqrt2}{2}
        \frac{1}{2-\sqrt{3}} ~ 2+\sqrt{3}
        12 \text{ and } 15 ~ 15, 12
        8\pi\text{ cm}^3 ~ 8\pi
        -5\le x\le 5 ~ |x|\le5
        2 + 3i, 2 - 3i ~ 2\pm3i
        a^2-ab+b^2 ~ b^2-ba+a^2
        6! ~ 720
        \frac{4}{52} ~ \frac{1}{13}
        7/2 ~ 3.5
        3/2 ~ 1 \frac12
        50 ~ 50\text{ mph}
        \frac{7}{3} ~ 2\tfrac{1}{3}
        17 ~ \text{17 coins}
        \text{17 coins} ~ 17
        5 \text{ and } 10 ~ 5 apples and 10 pears
        2.5 ~ 2,5
        ax+by=c ~ by+ax=c
        e^{it} ~ \cos t+i\sin t
        \frac{mg}{2} ~ \frac{1}{2}mg
        2mg ~ 2gm
        \frac12 at^2 ~ \frac{at^2}{2}
        5\text{ N} ~ 5 \text{ kg}\cdot\text{m/s}^2
        5\text{ N} ~ 5
        10 \text{ m/s} ~ 36\text{ km/h}
        an^2+bn ~ n(an+b)
        24 ~ 24 (eggs)
        x\sin x ~ x\sin(x)
        \text{5 or 6} ~ 5, 6
        \begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix} ~ \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^{-1}
        60\text{ km/h} ~ 60 \frac{\text{km}}{\text{h}}
        \frac{\text{rise}}{\text{run}} ~ \frac{\text{rise}}{\text{run}}
        """);

    public static TheoryData<string, string> Different() => AnswerTable.Read("""
        ①③ ~ ①②
        相等 ~ 不相等
        2^{1009} ~ 2^{1010}
        \frac{1}{2019!} ~ \frac{1}{2020!}
        \binom{100}{50} ~ \binom{100}{49}
        \sqrt{a^2+b^2} ~ a+b
        |x-3| ~ x-3
        17 ~ 71
        \frac{1}{2} ~ 2
        0.5 ~ 0.05
        \sqrt{2} ~ 2\sqrt{1}
        3x+2 ~ 3x-2
        (2,3) ~ (3,2)
        x=2 ~ x=-2
        10^{6} ~ 10^{7}
        \frac{\pi}{3} ~ \frac{\pi}{6}
        2\pi ~ 2
        e ~ 2.718
        1/3 ~ 0.34
        \ln 2 ~ \log 2
        45^\circ ~ 46^\circ
        -7 ~ 7
        1,2,3 ~ 1,2,4
        \{1,2\} ~ \{1,2,2,3\}
        2.5 ~ 2,6
        25 ~ 2,5
        7.5 ~ 7 5
        \frac{mg}{2} ~ mg
        10 \text{ m/s} ~ 10\text{ km/h}
        f(x)=x(a) ~ 5
        5 ~ \text{5 or 6}
        5 ~ \text{5 6}
        17 ~ \text{17 or 18 coins}
        3 ~ 3 (or 4)
        3 ~ 3 (not 4)
        3 ~ 4 (not 3)
        """);

    [Theory]
    [MemberData(nameof(Equal))]
    public void One_answer_in_two_ways_is_equal(string gold, string prediction) => AnswerTable.AssertEqual(gold, prediction);

    [Theory]
    [MemberData(nameof(Different))]
    public void Different_answers_are_not_equal(string gold, string prediction) => AnswerTable.AssertDifferent(gold, prediction);
}
