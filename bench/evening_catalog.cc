#include "bench/evening_catalog.h"

namespace tipgate {

// The same gifts as in deploy/gifts.yaml; a test compares them.
const std::vector<EveningGift>& EveningCatalog() {
  static const std::vector<EveningGift>& gifts = *new std::vector<EveningGift>{
      {1001, 10, false},      // 荧光棒 Glow stick
      {1002, 10, false},      // 小心心 Little heart
      {1003, 10, false},      // 点赞 Thumbs up
      {1004, 20, false},      // 人气票 Popularity ticket
      {1005, 50, false},      // 棒棒糖 Lollipop
      {1006, 50, false},      // 小星星 Little star
      {1007, 100, false},     // 啤酒 Beer
      {1008, 100, false},     // 鲜花 Flower
      {1009, 100, false},     // 加油鸭 Cheering duck
      {1010, 150, false},     // 奶茶 Milk tea
      {1011, 200, false},     // 大啤酒 Big beer
      {1012, 300, false},     // 玫瑰 Rose
      {1013, 520, false},     // 爱你哟 Love you
      {1014, 660, false},     // 墨镜 Sunglasses
      {1015, 990, false},     // 甜甜圈 Doughnut
      {1016, 1000, false},    // 礼花筒 Confetti
      {2001, 1500, false},    // 告白气球 Confession balloon
      {2002, 2000, false},    // 捏捏小脸 Pinch your cheek
      {2003, 3000, false},    // 香槟 Champagne
      {2004, 5200, false},    // 蛋糕 Cake
      {2005, 6600, false},    // 纸短情长 Love letter
      {2006, 8800, false},    // 比心兔 Heart bunny
      {2007, 9900, false},    // 万花筒 Kaleidoscope
      {2008, 10000, false},   // 夜空烟花 Night fireworks
      {3001, 13140, false},   // 热气球 Hot-air balloon
      {3002, 18800, false},   // 旋转木马 Carousel
      {3003, 28800, false},   // 跑车 Sports car
      {3004, 38800, false},   // 水晶鞋 Crystal slippers
      {3005, 52000, false},   // 私人飞机 Private jet
      {3006, 66600, false},   // 浪漫马车 Romantic carriage
      {3007, 88800, false},   // 游艇 Yacht
      {3008, 100000, false},  // 嘉年华 Carnival
      {4001, 131400, false},  // 海底世界 Undersea world
      {4002, 188800, false},  // 宇宙之心 Heart of the universe
      {4003, 233300, false},  // 天空之城 Castle in the sky
      {4004, 288800, false},  // 为你而战 Fight for you
      {4005, 300000, false},  // 梦幻城堡 Dream castle
      {5001, 334400, false},  // 一生一世 A lifetime
      {5002, 388800, false},  // 星河舰队 Star fleet
      {5003, 500000, false},  // 王者降临 The king arrives
      {9001, 6600, true},     // 国庆烟花 National Day fireworks
  };
  return gifts;
}

}  // namespace tipgate
